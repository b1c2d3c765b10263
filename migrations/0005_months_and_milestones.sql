-- A log of ten million entries: tables by the month, and milestones along every order, so that no page has to
-- read what it skips.

-- Each value of the dictionary (a user acting on a table) is named by the first entry that had it. Entries carry
-- that name, and so do the indexes of every order: a search is decided inside the index.
alter table log_value add column first_seq bigint;
update log_value value
set first_seq = entry.first_seq
from (select customer_id, "user", impacted_table, min(seq) as first_seq
      from log_entry group by 1, 2, 3) entry
where entry.customer_id = value.customer_id
  and entry."user" = value."user"
  and entry.impacted_table = value.impacted_table;
alter table log_value
    alter column first_seq set not null,
    add constraint log_value_first_seq_key unique (customer_id, first_seq),
    -- A value all of whose entries were dropped keeps its name.
    drop constraint log_value_entries_check,
    add constraint log_value_entries_check check (entries >= 0);

-- Entries that retention dropped: always the log's first ones. The log has entries - dropped of them now, and
-- numbers go on as if nothing had been dropped.
alter table log_head
    add column dropped bigint not null default 0,
    add constraint log_head_dropped_check check (dropped between 0 and entries);
-- Nothing of a customer under legal hold is dropped.
alter table customer add column legal_hold boolean not null default false;

-- The log by the month of created_at, so that a month can be dropped as a whole.
alter table log_entry rename to log_entry_in_one;
alter table log_entry_in_one rename constraint log_entry_pkey to log_entry_in_one_pkey;
drop index log_entry_by_user, log_entry_by_action, log_entry_by_related_operation,
    log_entry_by_impacted_table, log_entry_by_source, log_entry_by_app_instance,
    log_entry_by_request_path;

create table log_entry (
    customer_id text collate "C" not null,
    seq bigint not null check (seq > 0),
    created_at timestamptz not null,
    -- log_value.first_seq of this entry's user and table.
    value_seq bigint not null check (value_seq between 1 and seq),
    "user" text collate "C" not null check (octet_length("user") <= 1000),
    user_id text collate "C" check (octet_length(user_id) <= 1000),
    user_kind text collate "C" not null
        check (user_kind in ('operator', 'customer', 'client', 'system', 'unknown')),
    action text collate "C" not null check (octet_length(action) <= 2000),
    related_operation text collate "C" check (octet_length(related_operation) <= 2000),
    impacted_table text collate "C" not null check (octet_length(impacted_table) <= 1000),
    source text collate "C" not null check (source in ('UI', 'API', 'System')),
    app_instance text collate "C" not null check (octet_length(app_instance) <= 2000),
    request_path text collate "C" not null check (octet_length(request_path) <= 2000),
    occurred_at timestamptz,
    api_key_id bigint,
    detail json check (octet_length(detail::text) <= 131072),
    -- Serves the default order, both ways: created_at never decreases as seq grows. Postgres wants the column
    -- that decides the partition in it.
    primary key (customer_id, seq, created_at) include (value_seq)
) partition by range (created_at);

-- One for each further order. seq breaks ties inside the index, in the same direction, so the one index serves
-- ascending and descending. What else stands in it lets a walk along it leave the table alone: created_at says
-- in which month the entry is, value_seq whether a search wants it.
create index log_entry_by_user on log_entry (customer_id, "user", seq) include (created_at, value_seq);
create index log_entry_by_action on log_entry (customer_id, action, seq) include (created_at, value_seq);
create index log_entry_by_related_operation
    on log_entry (customer_id, related_operation, seq) include (created_at, value_seq);
create index log_entry_by_impacted_table
    on log_entry (customer_id, impacted_table, seq) include (created_at, value_seq);
create index log_entry_by_source on log_entry (customer_id, source, seq) include (created_at, value_seq);
create index log_entry_by_app_instance
    on log_entry (customer_id, app_instance, seq) include (created_at, value_seq);
create index log_entry_by_request_path
    on log_entry (customer_id, request_path, seq) include (created_at, value_seq);

create trigger append_only
    before update or delete or truncate on log_entry
    for each statement execute function log_entry_is_append_only();

alter table log_entry enable row level security;
create policy one_customer on log_entry to customer_logs_app
    using (customer_id = current_setting('app.customer', true));
create policy recording on log_entry for insert to customer_logs_app
    with check (current_setting('app.recording', true) = 'on');
grant select, insert on log_entry to customer_logs_app;

-- Makes the table of the month that `day` lies in, where it is not there. The server calls it ahead of time,
-- with the rights of the owner: it can make months, and nothing else.
--
-- It is made beside the log and then attached, because that locks out nobody who reads or records. Nothing in
-- it is ever updated, so its pages can be full; and it is vacuumed by what comes in, soon and whole: that is
-- what keeps walks along its indexes out of the table, and freezing at once spares it a second visit years later.
create function log_make_month(day date) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    first_day date := date_trunc('month', day::timestamp);
    month text := 'log_entry_' || to_char(first_day, 'YYYY_MM');
begin
    if first_day not between date '2000-01-01' and (now() + interval '10 years')::date then
        raise exception 'no log has entries of %', first_day using errcode = 'invalid_parameter_value';
    end if;
    -- Of several servers one makes it. The number stands for this function.
    perform pg_advisory_xact_lock(7101500);
    if to_regclass('public.' || month) is not null then
        return;
    end if;
    execute format(
        'create table public.%I (like public.log_entry including constraints)
         with (fillfactor = 100,
               autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
               autovacuum_freeze_min_age = 0, autovacuum_analyze_scale_factor = 0.05)', month);
    execute format(
        'create trigger append_only before update or delete or truncate on public.%I
         for each statement execute function public.log_entry_is_append_only()', month);
    execute format(
        'alter table public.log_entry attach partition public.%I for values from (%L) to (%L)', month,
        first_day::timestamp at time zone 'UTC',
        (first_day + interval '1 month') at time zone 'UTC');
end
$$;
revoke all on function log_make_month from public;
grant execute on function log_make_month to customer_logs_app;

-- The months of what is there, this one, and three to come.
select log_make_month(month::date)
from generate_series(
    date_trunc('month', coalesce((select min(created_at) from log_entry_in_one), now()) at time zone 'UTC'),
    date_trunc('month', now() at time zone 'UTC') + interval '3 months',
    interval '1 month') as month;

insert into log_entry (customer_id, seq, created_at, value_seq, "user", user_id, user_kind, action,
    related_operation, impacted_table, source, app_instance, request_path, occurred_at, api_key_id, detail)
select entry.customer_id, entry.seq, entry.created_at, value.first_seq, entry."user", entry.user_id,
       entry.user_kind, entry.action, entry.related_operation, entry.impacted_table, entry.source,
       entry.app_instance, entry.request_path, entry.occurred_at, entry.api_key_id, entry.detail
from log_entry_in_one entry
join log_value value using (customer_id, "user", impacted_table)
order by entry.customer_id, entry.seq;

do $$
begin
    if (select count(*) from log_entry) <> (select count(*) from log_entry_in_one) then
        raise exception 'not every entry came over';
    end if;
end
$$;
drop table log_entry_in_one;

-- Milestones: along each order of a log one stands every 4,000 to 8,000 entries, and says how many entries
-- come from it to the next, and how many of them have each value of the dictionary. Adding those up tells
-- where any page begins, under any search, without reading the entries before it.
--
-- They follow the log at a short distance (log_counted): recording does not wait for them, and whoever reads
-- them counts the few entries since by itself.
create table log_counted (
    customer_id text collate "C" primary key,
    -- The milestones have counted the entries up to this number.
    through_seq bigint not null check (through_seq >= 0)
) with (fillfactor = 50);

create table log_milestone (
    customer_id text collate "C" not null,
    -- The column of the order, by its name in the guide's words.
    sort text collate "C" not null,
    -- Where it stands: at or before the entry with this value and number, after all smaller ones. Absent values
    -- (Related Operation) come after all others.
    absent boolean not null,
    value text collate "C" not null,
    seq bigint not null,
    entries bigint not null check (entries >= 0),
    -- Pairs of log_value.first_seq and a number of entries, as server/src/store/counts.rs writes them.
    counts bytea not null,
    primary key (customer_id, sort, absent, value, seq)
) with (fillfactor = 70); -- counts are updated in place

alter table log_counted enable row level security;
alter table log_milestone enable row level security;
create policy one_customer_or_staff on log_counted to customer_logs_app
    using (customer_id = current_setting('app.customer', true)
           or current_setting('app.staff', true) = 'on');
create policy one_customer on log_milestone to customer_logs_app
    using (customer_id = current_setting('app.customer', true));
grant select, insert, update on log_counted to customer_logs_app;
grant select, insert, update, delete on log_milestone to customer_logs_app;
