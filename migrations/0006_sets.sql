-- Filters: for every block of 16,384 entries, which of them hold which value. What a filter chooses is then
-- found, counted and laid out over time without reading an entry: docs/filters.md says how.
create table log_block (
    customer_id text collate "C" not null,
    -- The field, by its name in the guide's words. With 'created_at' comes the clock: which entry was the first of
    -- each quarter of an hour.
    field text collate "C" not null,
    -- Entries block * 16384 + 1 to (block + 1) * 16384.
    block bigint not null check (block >= 0),
    -- As server/src/store/sets/block.rs writes it. Null where the block has too many values of this field to be
    -- worth it; the field's index serves them then.
    sets bytea,
    primary key (customer_id, field, block)
);
-- What is in it hardly gets smaller by being compressed.
alter table log_block alter column sets set storage external;

alter table log_block enable row level security;
create policy one_customer on log_block to customer_logs_app
    using (customer_id = current_setting('app.customer', true));
-- Which logs have how many blocks, the server looks up once an hour.
create policy staff_counts on log_block for select to customer_logs_app
    using (current_setting('app.staff', true) = 'on');
-- Blocks are of entries, which do not change: so they do not, either.
grant select, insert on log_block to customer_logs_app;
