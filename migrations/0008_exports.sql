-- The register of exports: who takes which log away, and how far that is. That it was taken away stands in the log
-- itself; this is for whoever takes it, to see it go on, to end it, and to find it again.
create table log_export (
    customer_id text collate "C" not null references customer,
    export_id uuid not null,
    -- As the log names them: user:7, key:3.
    taken_by text collate "C" not null,
    format text collate "C" not null check (format in ('csv', 'ndjson', 'xlsx')),
    -- What was asked for, as an address says it: conditions, order, columns, zone.
    query text not null,
    -- How many entries matched when it began.
    expected bigint not null check (expected >= 0),
    entries bigint not null default 0 check (entries >= 0),
    bytes bigint not null default 0 check (bytes >= 0),
    state text collate "C" not null default 'running' check (state in ('running', 'done', 'broken', 'cancelled')),
    -- Of the whole file.
    sha256 bytea check (octet_length(sha256) = 32),
    started_at timestamptz not null default now(),
    -- Whoever writes the file says every second that it goes on: one that is silent was broken off.
    noted_at timestamptz not null default now(),
    primary key (customer_id, export_id)
) with (fillfactor = 50); -- updated every second, in place
-- One's recent exports, the newest first.
create index log_export_recent on log_export (customer_id, taken_by, started_at desc);
-- What is forgotten.
create index log_export_by_age on log_export (started_at);

alter table log_export enable row level security;
create policy one_customer_or_staff on log_export to customer_logs_app
    using (customer_id = current_setting('app.customer', true)
           or current_setting('app.staff', true) = 'on');
grant select, insert, update, delete on log_export to customer_logs_app;
