"""Tables partitioned by year, and rows that can only be added: migration operations and their SQL."""

from django.db import connection, migrations, models

FIRST_YEAR = 1990
LAST_YEAR = 2032

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added; % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege', HINT = 'Correct a mistake by a reversal.';
END $$;
"""


def partition_name(table, year):
    return f"{table}_y{year}"


def append_only_sql(table):
    """A statement trigger: free at insert, and it speaks even where no row would match."""
    return (
        f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    )


def partition_sql(table, year):
    """One year's partition. It has a trigger of its own: a statement on a partition does not fire the parent's."""
    name = partition_name(table, year)
    return (
        f"CREATE TABLE \"{name}\" PARTITION OF \"{table}\" FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01');"
        + append_only_sql(name)
    )


def default_partition_sql(table):
    name = f"{table}_default"
    return f'CREATE TABLE "{name}" PARTITION OF "{table}" DEFAULT;' + append_only_sql(name)


MISSING = """
SELECT parent.relname, year
FROM pg_class parent JOIN pg_namespace n ON n.oid = parent.relnamespace, unnest(%s::int[]) AS year
WHERE parent.relkind = 'p' AND n.nspname = 'public'
  AND NOT EXISTS (
      SELECT FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
      WHERE inhparent = parent.oid AND part.relname = parent.relname || '_y' || year
  )
ORDER BY 2, 1
"""


def missing_partitions(years):
    """(table, year) of every partition that a mass table should have for these years and has not."""
    with connection.cursor() as cursor:
        cursor.execute(MISSING, [list(years)])
        return cursor.fetchall()


class CreatePartitionedModel(migrations.CreateModel):
    """CreateModel for an append-only mass table partitioned by the year of a month column."""

    def __init__(self, name, fields, partition_by, first_year=FIRST_YEAR, last_year=LAST_YEAR, **kwargs):
        self.partition_by, self.first_year, self.last_year = partition_by, first_year, last_year
        super().__init__(name, fields, **kwargs)

    def deconstruct(self):
        name, args, kwargs = super().deconstruct()
        kwargs.update(partition_by=self.partition_by, first_year=self.first_year, last_year=self.last_year)
        return name, args, kwargs

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        table = model._meta.db_table
        column = model._meta.get_field(self.partition_by).column
        sql, params = schema_editor.table_sql(model)
        schema_editor.execute(f'{sql} PARTITION BY RANGE ("{column}")', params or None)
        schema_editor.deferred_sql.extend(schema_editor._model_indexes_sql(model))
        statements = [append_only_sql(table), default_partition_sql(table)]
        statements += [partition_sql(table, year) for year in range(self.first_year, self.last_year + 1)]
        for statement in statements:
            schema_editor.execute(statement)


def append_only(table):
    """Migration operation: the rows of an ordinary table can only be added."""
    return migrations.RunSQL(append_only_sql(table), f'DROP TRIGGER {table}_append_only ON "{table}";')


class MassForeignKey(models.ForeignKey):
    """A foreign key without a database constraint (measured: one costs the import 43 %); proved by check_books."""

    def __init__(self, to, **kwargs):
        kwargs.update(db_constraint=False, on_delete=models.DO_NOTHING)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("db_index", False)
        super().__init__(to, **kwargs)
