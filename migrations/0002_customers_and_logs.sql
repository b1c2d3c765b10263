-- Customers and their logs. customer_id leads every key and stands in every query, so that the tables
-- can be distributed by customer as they are.
--
-- Texts compare by code point ("C"): the same on every machine and every release of its libraries, so
-- an index made today is still right after the operating system's next upgrade.

create table customer (
    customer_id text collate "C" primary key check (customer_id ~ '^[A-Za-z0-9_.:-]{1,64}$'),
    name text not null,
    name_folded text collate "C" not null, -- what a search compares with (app::query::fold)
    customer_type text collate "C" not null check (customer_type in ('business', 'person')),
    status text collate "C" not null check (status in ('active', 'in_review', 'blocked', 'closed')),
    since timestamptz not null default now()
);

-- Where each log stands. Recording locks the row for its moment, and gives out seq and created_at under
-- that lock: so seq has no gap, created_at never decreases, and the number of entries needs no count.
create table log_head (
    customer_id text collate "C" primary key references customer,
    entries bigint not null default 0 check (entries >= 0),
    last_created_at timestamptz
) with (fillfactor = 50); -- updated at every recording, in place

-- The log itself. The lengths (bytes) keep every index row below the 2,704 that a B-tree takes. There is no
-- foreign key to the customer: an entry is written under the lock of the log's head, which has one, and
-- checking it again for every entry would cost a fifth of the speed of writing.
create table log_entry (
    customer_id text collate "C" not null,
    seq bigint not null check (seq > 0),
    created_at timestamptz not null,
    "user" text collate "C" not null check (octet_length("user") <= 1000),
    user_kind text collate "C" not null check (user_kind in ('operator', 'customer', 'client', 'system')),
    action text collate "C" not null check (octet_length(action) <= 2000),
    related_operation text collate "C" check (octet_length(related_operation) <= 2000),
    impacted_table text collate "C" not null check (octet_length(impacted_table) <= 1000),
    source text collate "C" not null check (source in ('UI', 'API', 'System')),
    app_instance text collate "C" not null check (octet_length(app_instance) <= 2000),
    request_path text collate "C" not null check (octet_length(request_path) <= 2000),
    -- Serves the default order, both ways: created_at never decreases as seq grows.
    primary key (customer_id, seq)
);

-- One for each further order. seq breaks ties inside the index, in the same direction, so the one index
-- serves ascending and descending.
create index log_entry_by_user on log_entry (customer_id, "user", seq);
create index log_entry_by_action on log_entry (customer_id, action, seq);
create index log_entry_by_related_operation on log_entry (customer_id, related_operation, seq);
create index log_entry_by_impacted_table on log_entry (customer_id, impacted_table, seq);
create index log_entry_by_source on log_entry (customer_id, source, seq);
create index log_entry_by_app_instance on log_entry (customer_id, app_instance, seq);
create index log_entry_by_request_path on log_entry (customer_id, request_path, seq);

-- Each log's dictionary: which users acted on which tables, and how often. A search looks through these
-- few rows instead of the log, and their counts are its exact total, whichever column it looks in.
-- The folded texts are what a search compares with (app::query::fold).
create table log_value (
    customer_id text collate "C" not null,
    "user" text collate "C" not null,
    impacted_table text collate "C" not null,
    user_folded text collate "C" not null,
    impacted_table_folded text collate "C" not null,
    entries bigint not null check (entries > 0),
    primary key (customer_id, "user", impacted_table)
) with (fillfactor = 70); -- counts are updated in place

-- Entries are never changed. The grants below are the wall; this stands beside it and binds the owner too.
create function log_entry_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'log entries are never changed or removed' using errcode = 'insufficient_privilege';
end
$$;

create trigger append_only
    before update or delete or truncate on log_entry
    for each statement execute function log_entry_is_append_only();

-- Row-level security: behind the server's own check, a session of a customer's reads that customer's
-- rows and no others. app.customer is set for each transaction; app.staff opens the list of customers,
-- never a log.
alter table customer enable row level security;
alter table log_head enable row level security;
alter table log_entry enable row level security;
alter table log_value enable row level security;

create policy one_customer on log_entry to customer_logs_app
    using (customer_id = current_setting('app.customer', true));
create policy one_customer on log_value to customer_logs_app
    using (customer_id = current_setting('app.customer', true));
create policy one_customer_or_staff on log_head to customer_logs_app
    using (customer_id = current_setting('app.customer', true)
           or current_setting('app.staff', true) = 'on');
create policy one_customer_or_staff on customer to customer_logs_app
    using (customer_id = current_setting('app.customer', true)
           or current_setting('app.staff', true) = 'on');

grant select, insert, update on customer, log_head, log_value to customer_logs_app;
grant select, insert on log_entry to customer_logs_app;
