"""Checks of the register's rows, one module a starter: each row's rule, met as behaviour of the loaded starter."""
