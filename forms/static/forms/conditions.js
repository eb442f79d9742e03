/* "Ask this only if": turns two plain boxes, a question's id and answers one a line, into a list of the earlier
 * questions by their words and boxes to tick. The server checks both, so without script they can be typed. */
(() => {
  const { Controller } = window.StimulusModule;
  const PICKED = "question-picker:picked";
  const sets = new Map(); // the deciding questions of each question set, once asked for

  const named = (within, name) => within.querySelector(`[name="${CSS.escape(name)}"]`);

  /** The places of a stream, in the order of the page, without those that were deleted. */
  function placesIn(root) {
    return [...root.querySelectorAll("[data-streamfield-child]")].flatMap((element) => {
      const type = element.querySelector(':scope > input[name$="-type"]');
      if (!type) return [];
      const prefix = type.name.slice(0, -"-type".length);
      if (named(element, `${prefix}-deleted`).value) return [];
      return [{ element, prefix, type: type.value, id: named(element, `${prefix}-id`).value }];
    });
  }

  /** The types of question that can decide, each with the options that all its questions have. */
  function decidingTypes() {
    return JSON.parse(document.querySelector("[data-deciding]")?.dataset.deciding || "{}");
  }

  function optionsOf({ element, prefix }, common) {
    if (common.length) return common;
    const pattern = /-options-\d+-value$/;
    return [...element.querySelectorAll(`input[name^="${CSS.escape(`${prefix}-value-options-`)}"]`)]
      .filter((input) => pattern.test(input.name))
      .filter((input) => !named(element, input.name.replace(/-value$/, "-deleted"))?.value)
      .map((input) => input.value.trim())
      .filter(Boolean);
  }

  function questionAt(place, deciding) {
    if (!(place.type in deciding)) return [];
    if (named(place.element, `${place.prefix}-value-handlers_only`)?.checked) return [];
    const label = named(place.element, `${place.prefix}-value-label`)?.value.trim();
    return [{ id: place.id, label: label || "(no words yet)", options: optionsOf(place, deciding[place.type]) }];
  }

  function questionsOfSet(place) {
    const chosen = named(place.element, `${place.prefix}-value-question_set`)?.value;
    return (sets.get(chosen) || []).map((question) => ({ ...question, id: `${place.id}/${question.id}` }));
  }

  /** The questions before a box that something can depend on. */
  function earlierThan(box) {
    const deciding = decidingTypes();
    return placesIn(document)
      .filter(({ element }) => !element.contains(box))
      .filter(({ element }) => element.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING)
      .flatMap((place) => (place.type === "question_set" ? questionsOfSet(place) : questionAt(place, deciding)));
  }

  let asking = null;
  function askForSets() {
    if (!document.querySelector('[name$="-value-question_set"]')) return Promise.resolve();
    asking ||= fetch(`${window.wagtailConfig.ADMIN_URLS.PAGES.replace(/pages\/?$/, "")}forms/deciding-questions/`)
      .then((response) => (response.ok ? response.json() : {}))
      .then((found) => Object.entries(found).forEach(([key, questions]) => sets.set(key, questions)))
      .catch(() => {});
    return asking;
  }

  function changed(box) {
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  class QuestionPicker extends Controller {
    connect() {
      if (this.list) return;
      this.list = document.createElement("select");
      this.list.id = this.element.id;
      this.element.removeAttribute("id");
      this.element.hidden = true;
      this.element.after(this.list);
      this.list.addEventListener("focus", () => this.fill());
      this.list.addEventListener("pointerdown", () => this.fill());
      this.list.addEventListener("change", () => {
        this.element.value = this.list.value;
        changed(this.element);
        this.tell();
      });
      this.fill();
      askForSets().then(() => {
        this.fill();
        this.tell();
      });
    }

    fill() {
      const offered = [{ id: "", label: "Always: do not ask about an answer" }, ...earlierThan(this.element)];
      const now = this.element.value;
      if (!offered.some(({ id }) => id === now)) {
        offered.push({ id: now, label: "A question that is gone, comes later or has no answers to choose from" });
      }
      const same = offered.map(({ id, label }) => `${id} ${label}`).join("\n");
      if (same === this.offered) return;
      this.offered = same;
      this.list.replaceChildren(...offered.map(({ id, label }) => new Option(label, id, id === now, id === now)));
    }

    tell() {
      document.dispatchEvent(new CustomEvent(PICKED, { detail: this.element.name }));
    }
  }

  class AnswersPicker extends Controller {
    connect() {
      if (this.boxes) return;
      this.boxes = document.createElement("div");
      this.boxes.setAttribute("role", "group");
      this.boxes.setAttribute("aria-label", "Has one of these answers");
      this.element.hidden = true;
      this.element.after(this.boxes);
      this.questionName = this.element.name.replace(/-answers$/, "-question");
      this.heard = ({ detail }) => detail === this.questionName && this.show();
      document.addEventListener(PICKED, this.heard);
      this.boxes.addEventListener("pointerenter", () => this.show());
      this.show();
    }

    disconnect() {
      document.removeEventListener(PICKED, this.heard);
    }

    get lines() {
      return this.element.value.split("\n").map((line) => line.trim()).filter(Boolean);
    }

    show() {
      const picked = document.querySelector(`[name="${CSS.escape(this.questionName)}"]`)?.value;
      const question = picked && earlierThan(this.element).find(({ id }) => id === picked);
      const options = question ? question.options : [];
      const isTicked = (option) => this.lines.some((line) => line.toLowerCase() === option.toLowerCase());
      const gone = this.lines.filter((line) => !options.some((option) => option.toLowerCase() === line.toLowerCase()));
      const rows = [
        ...options.map((option) => ({ option, words: option })),
        ...gone.map((option) => ({ option, words: `${option} (not an answer any more)` })),
      ];
      const same = JSON.stringify([rows, this.lines]);
      if (same === this.shown) return;
      this.shown = same;
      const labels = rows.map(({ option, words }) => {
        const label = document.createElement("label");
        const box = document.createElement("input");
        box.type = "checkbox";
        box.value = option;
        box.checked = isTicked(option);
        box.addEventListener("change", () => this.take());
        label.append(box, ` ${words}`);
        const row = document.createElement("div");
        row.append(label);
        return row;
      });
      this.boxes.replaceChildren(...(labels.length ? labels : ["Choose a question first."]));
    }

    take() {
      const ticked = [...this.boxes.querySelectorAll("input:checked")].map((box) => box.value);
      this.element.value = ticked.join("\n");
      changed(this.element);
    }
  }

  window.wagtail.app.register("question-picker", QuestionPicker);
  window.wagtail.app.register("answers-picker", AnswersPicker);
})();
