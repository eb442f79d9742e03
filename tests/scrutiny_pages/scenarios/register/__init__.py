"""Checks of the register's rows, one module a starter: each rule verified as behaviour of the loaded starter."""
