-- Who may come in: users with their sessions, and API keys. Nothing here can be used by whoever reads it:
-- passwords are Argon2id hashes, tokens and keys SHA-256 of 32 random bytes.

create table app_user (
    user_id bigint generated always as identity primary key,
    email text collate "C" not null check (email = lower(email) and octet_length(email) <= 254),
    name text not null,
    role text collate "C" not null check (role in ('operator', 'auditor', 'customer')),
    -- The one customer that a user with the role customer is.
    customer_id text collate "C" references customer,
    password_hash text not null,
    created_at timestamptz not null default now(),
    constraint app_user_email_key unique (email),
    check ((role = 'customer') = (customer_id is not null))
);

create table session (
    token_sha256 bytea primary key,
    user_id bigint not null references app_user on delete cascade,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now()
);
create index session_by_user on session (user_id);

-- Failed attempts to sign in, by the e-mail that was tried, whether or not anybody has it.
create table sign_in_failure (
    email_sha256 bytea primary key,
    failures integer not null check (failures > 0),
    last_failed_at timestamptz not null default now()
);

create table api_key (
    api_key_id bigint generated always as identity primary key,
    name text not null,
    scope text collate "C" not null check (scope in ('read')),
    key_sha256 bytea not null unique,
    created_at timestamptz not null default now()
);

grant select, insert on app_user, api_key to customer_logs_app;
grant select, insert, update, delete on session, sign_in_failure to customer_logs_app;
