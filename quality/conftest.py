"""The database and the people of the suite's tests, for what runs under pytest here too."""

from tests.conftest import (  # noqa: F401 -- pytest finds fixtures by name in the module of a conftest
    django_db_keepdb,
    django_db_modify_db_settings,
    emptied_tables,
    example,
    module_data,
    only_what_may_be_deleted,
    signed_in_by_two_steps,
)
