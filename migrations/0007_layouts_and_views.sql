-- How each person wants the Logs tab, the views they keep of it, and short links to what they saw.

-- A layout is in the words of app/src/log/layout.rs.
create table log_layout (
    user_id bigint primary key references app_user on delete cascade,
    columns text collate "C" not null check (octet_length(columns) <= 200),
    widths text collate "C" not null default '' check (octet_length(widths) <= 200),
    density text collate "C" not null check (density in ('compact', 'regular', 'relaxed'))
);

-- A view is a query string of the tab: conditions, order, columns. Not where it is pinned, nor whose log it is: it
-- serves for any log that its owner sees.
create table saved_view (
    view_id bigint generated always as identity primary key,
    user_id bigint not null references app_user on delete cascade,
    name text not null check (name <> '' and octet_length(name) <= 400),
    query text not null check (octet_length(query) <= 32000),
    -- Whether those see it who see the same logs as its owner: all staff, or all users of one customer.
    shared boolean not null default false,
    created_at timestamptz not null default now(),
    constraint saved_view_name unique (user_id, name)
);

-- The view that a log opens with for somebody. It may be another's, as long as that one shares it.
create table default_view (
    user_id bigint primary key references app_user on delete cascade,
    view_id bigint not null references saved_view on delete cascade
);
create index default_view_by_view on default_view (view_id);

-- A short link shows the same rows for ever: its query is pinned, and its times are instants. Whoever follows it sees
-- what they may see.
create table short_link (
    code text collate "C" primary key check (code ~ '^[0-9a-z]{10}$'),
    customer_id text collate "C" not null references customer,
    query text not null check (octet_length(query) <= 32000),
    created_at timestamptz not null default now()
);
-- The same view gets the same link again. By a hash: a query may be too long for an index.
create unique index short_link_by_query on short_link (customer_id, md5(query));

grant select, insert, update, delete on log_layout, saved_view, default_view to customer_logs_app;
grant select, insert on short_link to customer_logs_app;
