-- Acting on accounts, and recording what others did: what an entry says beyond the guide's columns, the
-- receipts that make recording repeatable, customers' settings, operations and their ledger.

-- What the drawer shows. detail is json, not jsonb: jsonb reorders keys and rewrites numbers, and a record
-- is to come back as it went in.
alter table log_entry
    add column user_id text collate "C" check (octet_length(user_id) <= 1000),
    add column occurred_at timestamptz,
    -- Which key it came with, where it came over the API: senders say who acted, the server says who said so.
    add column api_key_id bigint,
    add column detail json check (octet_length(detail::text) <= 131072);

-- Whoever sends an entry need not say what kind of user it was.
alter table log_entry drop constraint log_entry_user_kind_check;
alter table log_entry add constraint log_entry_user_kind_check
    check (user_kind in ('operator', 'customer', 'client', 'system', 'unknown'));

-- Which of the senders' own ids were recorded, and as what: the same id again is answered with the first
-- one's seq, for ever. sha256 is of the entry as it was sent, so that another entry under the same id shows.
-- A table of its own: entries are to be partitioned by time, and an id is unique over all of it.
create table log_receipt (
    customer_id text collate "C" not null,
    id text collate "C" not null check (octet_length(id) between 1 and 512),
    seq bigint not null check (seq > 0),
    sha256 bytea not null,
    primary key (customer_id, id)
);

-- Answers to whole requests that were sent with an Idempotency-Key, kept for a day.
create table ingest_answer (
    api_key_id bigint not null references api_key,
    idempotency_key text collate "C" not null check (octet_length(idempotency_key) between 1 and 1020),
    body_sha256 bytea not null,
    status smallint,
    body text,
    created_at timestamptz not null default now(),
    primary key (api_key_id, idempotency_key)
);
create index ingest_answer_by_age on ingest_answer (created_at);

-- Settings. known is false where a customer came into the list only because something was recorded for
-- them: their name is then their id. The type 'platform' is this installation itself: what concerns no
-- customer (operators signing in, keys) is in its log.
alter table customer
    add column known boolean not null default true,
    add column email text not null default '' check (octet_length(email) <= 254),
    add column document text not null default '' check (octet_length(document) <= 200),
    add column tags text[] not null default '{}' check (cardinality(tags) <= 20),
    add column currency text collate "C" not null default 'EUR' check (currency in ('BRL', 'EUR', 'GBP', 'JPY', 'USD')),
    -- In minor units; null where there is none.
    add column daily_limit bigint check (daily_limit >= 0);
alter table customer drop constraint customer_customer_type_check;
alter table customer add constraint customer_customer_type_check
    check (customer_type in ('business', 'person', 'platform'));

insert into customer (customer_id, name, name_folded, customer_type, status)
values ('platform', 'This platform', 'this platform', 'platform', 'active')
on conflict (customer_id) do nothing;
insert into log_head (customer_id) values ('platform') on conflict (customer_id) do nothing;

-- Numbers of operations, over all customers: "withdrawal #1042".
create sequence operation_number start 1001;

-- What was done, or asked for, with a customer's money. A transfer is there for both, under one number.
create table operation (
    customer_id text collate "C" not null references customer,
    operation_no bigint not null,
    kind text collate "C" not null check (kind in ('deposit', 'withdrawal', 'transfer', 'reversal')),
    status text collate "C" not null check (status in ('requested', 'completed', 'rejected', 'reversed')),
    amount bigint not null check (amount > 0), -- minor units of the customer's currency
    -- The other customer of a transfer (or of its reversal), and whether the money came from them.
    counterparty_id text collate "C",
    incoming boolean not null,
    -- The operation that a reversal undoes.
    reverses bigint,
    note text not null default '' check (octet_length(note) <= 2000),
    requested_by text not null,
    requested_by_id bigint not null references app_user,
    requested_at timestamptz not null default now(),
    decided_by text,
    decided_at timestamptz,
    -- Comes with the form: pressing its button twice does one thing.
    form_key uuid not null,
    primary key (customer_id, operation_no),
    constraint operation_form_key unique (customer_id, form_key),
    -- An operation is undone once.
    constraint operation_reverses unique (customer_id, reverses)
);
-- The daily limit counts today's withdrawals.
create index operation_withdrawals on operation (customer_id, requested_at) where kind = 'withdrawal';

-- What each customer's accounts hold, in minor units:
--   available  the customer's, to be used
--   reserved   the customer's, set aside for a withdrawal that waits for its approval
--   outside    what came from and went to the world; negative while the customer has money here
--   transit    what came from and went to other customers; over all customers it is zero
-- The four always add up to zero. Nobody can spend what is not there: the first two never go below zero.
create table account (
    customer_id text collate "C" not null references customer,
    kind text collate "C" not null check (kind in ('available', 'reserved', 'outside', 'transit')),
    balance bigint not null default 0 check (balance >= 0 or kind in ('outside', 'transit')),
    primary key (customer_id, kind)
);

-- The ledger, by double entry: each line takes an amount from one account and puts it into another, so no
-- line can be out of balance. Never changed.
create table ledger_line (
    customer_id text collate "C" not null,
    line bigint not null check (line > 0), -- 1, 2, 3 … for each customer
    operation_no bigint not null,
    created_at timestamptz not null,
    amount bigint not null check (amount > 0),
    from_account text collate "C" not null,
    to_account text collate "C" not null check (to_account <> from_account),
    available_after bigint not null check (available_after >= 0),
    reserved_after bigint not null check (reserved_after >= 0),
    primary key (customer_id, line),
    foreign key (customer_id, operation_no) references operation,
    foreign key (customer_id, from_account) references account,
    foreign key (customer_id, to_account) references account
);
create index ledger_line_by_operation on ledger_line (customer_id, operation_no);

create trigger append_only
    before update or delete or truncate on ledger_line
    for each statement execute function log_entry_is_append_only();

-- Whose log each session (or key, a day) has been shown: a view is recorded once, not for each page.
create table log_view (
    customer_id text collate "C" not null,
    viewer text collate "C" not null,
    viewed_at timestamptz not null default now(),
    primary key (customer_id, viewer)
);
create index log_view_by_age on log_view (viewed_at);

-- Keys may record, too.
alter table api_key drop constraint api_key_scope_check;
alter table api_key add constraint api_key_scope_check check (scope in ('read', 'write'));

-- The recorder writes to several logs in one transaction. It may then add to any of them, and read none:
-- what stands in a log stays behind app.customer.
alter table log_receipt enable row level security;
create policy recording on customer for insert to customer_logs_app
    with check (current_setting('app.recording', true) = 'on');
create policy recording on log_head to customer_logs_app
    using (current_setting('app.recording', true) = 'on');
create policy recording on log_entry for insert to customer_logs_app
    with check (current_setting('app.recording', true) = 'on');
create policy recording on log_value to customer_logs_app
    using (current_setting('app.recording', true) = 'on');
create policy recording on log_receipt to customer_logs_app
    using (current_setting('app.recording', true) = 'on');

-- Money is the staff's to see and to move, and no customer's session gets at it.
alter table operation enable row level security;
alter table account enable row level security;
alter table ledger_line enable row level security;
create policy staff on operation to customer_logs_app using (current_setting('app.staff', true) = 'on');
create policy staff on account to customer_logs_app using (current_setting('app.staff', true) = 'on');
create policy staff on ledger_line to customer_logs_app using (current_setting('app.staff', true) = 'on');

grant select, insert on log_receipt, ledger_line to customer_logs_app;
grant select, insert, update on operation, account to customer_logs_app;
grant select, insert, update, delete on ingest_answer, log_view to customer_logs_app;
grant usage on sequence operation_number to customer_logs_app;
