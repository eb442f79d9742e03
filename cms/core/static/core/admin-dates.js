// Leave a day as it was typed. The date picker would turn what it cannot read into today, without a word; the server
// reads it, or refuses it with the words still in the field.
window.jQuery.fn.datetimepicker.defaults.validateOnBlur = false
