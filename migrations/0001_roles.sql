-- The role the server works as. It owns nothing, so row-level security binds it and it cannot grant
-- itself more. It has no login of its own: the login role of DATABASE_URL becomes it (SET ROLE).
-- Roles belong to the whole cluster: another database of it may have made this one already.
do $$
begin
    if not exists (select from pg_roles where rolname = 'customer_logs_app') then
        create role customer_logs_app
            nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
    end if;
exception
    when duplicate_object or unique_violation then null;
end
$$;

do $$
begin
    if not pg_has_role(current_user, 'customer_logs_app', 'member') then
        execute format('grant customer_logs_app to %I', current_user);
    end if;
end
$$;

grant usage on schema public to customer_logs_app;

-- The server says whether it is ready, and for that it must know what was applied.
grant select on _sqlx_migrations to customer_logs_app;
