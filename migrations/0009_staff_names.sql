-- Customers may see staff by their short names. A value of the dictionary says whether staff has ever acted under this
-- name on this table, so that whose names those are is known without reading an entry.
alter table log_value add column staff boolean not null default false;
update log_value value
set staff = true
from (select distinct customer_id, value_seq from log_entry where user_kind = 'operator') by_staff
where by_staff.customer_id = value.customer_id and by_staff.value_seq = value.first_seq;
