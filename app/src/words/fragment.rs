//! Words of the parts of the Logs tab that the server writes: chips, time menu, strip, drawer.

use super::words;

words! {
    filter_is(field, value): "{field} is {value}", "{field} é {value}", "{field} es {value}";
    filter_is_not(field, value): "{field} is not {value}", "{field} não é {value}", "{field} no es {value}";
    filter_has(field, value): "{field} contains {value}", "{field} contém {value}", "{field} contiene {value}";
    filter_has_not(field, value):
        "{field} does not contain {value}", "{field} não contém {value}", "{field} no contiene {value}";
    filter_begins(field, value):
        "{field} begins with {value}", "{field} começa com {value}", "{field} empieza con {value}";
    filter_begins_not(field, value):
        "{field} does not begin with {value}", "{field} não começa com {value}", "{field} no empieza con {value}";
    quoted(value): "“{value}”", "“{value}”", "“{value}”";
    empty_value: "(empty)", "(vazio)", "(vacío)";
    filters_in_force: "Filters in force", "Filtros em vigor", "Filtros activos";
    as_a_search(said): "As a search: {said}", "Como pesquisa: {said}", "Como búsqueda: {said}";
    turn_around: "Turn it around", "Inverter", "Invertir";
    remove_filter(filter): "Remove the filter {filter}", "Remover o filtro {filter}", "Quitar el filtro {filter}";
    add_filter: "Filter", "Filtro", "Filtro";
    clear_all: "Clear all", "Limpar tudo", "Borrar todo";

    values_of(field): "Values of {field}", "Valores de {field}", "Valores de {field}";
    find_value_of(field): "Find a value of {field}", "Encontrar um valor de {field}", "Buscar un valor de {field}";
    find_value: "Find a value", "Encontrar um valor", "Buscar un valor";
    begins_with: "Begins with", "Começa com", "Empieza con";
    leave_out(value): "Leave out {value}", "Deixar de fora {value}", "Excluir {value}";
    most_frequent(most):
        "The {most} most frequent. Type to find others.",
        "Os {most} mais frequentes. Digite para encontrar outros.",
        "Los {most} más frecuentes. Escriba para encontrar otros.";
    type_beginning:
        "Type how the value begins.", "Digite como o valor começa.", "Escriba cómo empieza el valor.";
    no_value_like_that: "No value is like that.", "Nenhum valor é assim.", "Ningún valor es así.";

    time_range: "Time range", "Período", "Período";
    range_today: "Today", "Hoje", "Hoy";
    last_hours[count]:
        "Last hour" | "Last {count} hours", "Última hora" | "Últimas {count} horas", "Última hora" | "Últimas {count} horas";
    last_days[count]:
        "Last day" | "Last {count} days", "Último dia" | "Últimos {count} dias", "Último día" | "Últimos {count} días";
    this_month: "This month", "Este mês", "Este mes";
    range_from(moment): "From {moment}", "A partir de {moment}", "Desde {moment}";
    range_until(moment): "Until {moment}", "Até {moment}", "Hasta {moment}";
    range_begin: "From", "De", "Desde";
    range_end: "To", "Até", "Hasta";
    range_hint:
        "2026-03-12, 2026-03-12 14:22, today, yesterday, -24h or -7d. A day at the end is in it whole.",
        "2026-03-12, 2026-03-12 14:22, today (hoje), yesterday (ontem), -24h ou -7d. Um dia no fim está incluído por inteiro.",
        "2026-03-12, 2026-03-12 14:22, today (hoy), yesterday (ayer), -24h o -7d. Un día al final está incluido entero.";
    time_zone: "Time zone", "Fuso horário", "Zona horaria";
    zone_hint:
        "UTC, or a place as IANA names it. It is remembered.",
        "UTC, ou um lugar como a IANA o nomeia. A escolha é lembrada.",
        "UTC, o un lugar como lo nombra la IANA. Se recuerda la elección.";
    this_devices: "This device’s", "O deste dispositivo", "La de este dispositivo";

    week_of(date): "Week of {date}", "Semana de {date}", "Semana del {date}";
    quarter_of(quarter, year): "Q{quarter} {year}", "{quarter}º tri. de {year}", "T{quarter} {year}";
    by_quarter_hour: "by quarter of an hour", "a cada 15 minutos", "cada 15 minutos";
    by_hour: "by hour", "por hora", "por hora";
    by_six_hours: "by six hours", "a cada seis horas", "cada seis horas";
    by_day: "by day", "por dia", "por día";
    by_week: "by week", "por semana", "por semana";
    by_month: "by month", "por mês", "por mes";
    by_quarter: "by quarter", "por trimestre", "por trimestre";
    by_year: "by year", "por ano", "por año";
    entries_found[count](found):
        "{found} entry" | "{found} entries", "{found} entrada" | "{found} entradas", "{found} entrada" | "{found} entradas";
    entries_found_of[count](found):
        "{found} of {count} entry" | "{found} of {count} entries",
        "{found} de {count} entrada" | "{found} de {count} entradas",
        "{found} de {count} entrada" | "{found} de {count} entradas";
    activity_in_words(by, first, last):
        "Entries {by} from {first} to {last}.", "Entradas {by}, de {first} a {last}.", "Entradas {by}, de {first} a {last}.";
    activity_and_most(activity, when, entries):
        "{activity} Most: {when}, {entries}.", "{activity} Máximo: {when}, {entries}.", "{activity} Máximo: {when}, {entries}.";
    beginning_of_range: "Beginning of the range", "Início do período", "Inicio del período";
    end_of_range: "End of the range", "Fim do período", "Fin del período";
    as_a_table: "As a table", "Como tabela", "Como tabla";
    activity_as_table: "Activity as a table", "Atividade como tabela", "Actividad como tabla";
    entries: "Entries", "Entradas", "Entradas";
    stretch_from: "From", "De", "Desde";

    entry_number(number): "Entry {number}", "Entrada {number}", "Entrada {number}";
    entry_after: "The entry after this one", "A entrada depois desta", "La entrada posterior a esta";
    entry_before: "The entry before this one", "A entrada antes desta", "La entrada anterior a esta";
    copy_link: "Copy link", "Copiar link", "Copiar enlace";
    copy_as_json: "Copy as JSON", "Copiar como JSON", "Copiar como JSON";
    copy_field(field): "Copy {field}", "Copiar {field}", "Copiar {field}";
    what_changed: "What changed", "O que mudou", "Qué cambió";
    changed_nothing: "Nothing.", "Nada.", "Nada.";
    fields_unchanged[count]:
        "{count} field unchanged" | "{count} fields unchanged",
        "{count} campo inalterado" | "{count} campos inalterados",
        "{count} campo sin cambios" | "{count} campos sin cambios";
    diff_field: "Field", "Campo", "Campo";
    diff_before: "Before", "Antes", "Antes";
    diff_after: "After", "Depois", "Después";
    not_set: "not set", "não definido", "sin definir";
    is_empty: "empty", "vazio", "vacío";
    entrys_operation: "Related operation", "Operação relacionada", "Operación relacionada";
    and_more[count]: "and {count} more" | "and {count} more", "e mais {count}" | "e mais {count}", "y {count} más" | "y {count} más";
    who_and_where: "Who and where", "Quem e onde", "Quién y dónde";
    kind_operator: "operator", "operador", "operador";
    kind_customer: "customer", "cliente", "cliente";
    kind_client: "API client", "cliente de API", "cliente de API";
    kind_system: "system", "sistema", "sistema";
    user_id: "User id", "ID do usuário", "ID de usuario";
    api_key: "API key", "Chave de API", "Clave de API";
    happened: "Happened", "Aconteceu", "Ocurrió";
    as_sender_says(when): "{when} as the sender says", "{when}, segundo o remetente", "{when}, según el remitente";
    around_this_moment: "Around this moment", "Em torno deste momento", "Alrededor de este momento";
    only_where(filter): "Only where {filter}", "Só onde {filter}", "Solo donde {filter}";
    leave_out_where(filter): "Leave out where {filter}", "Deixar de fora onde {filter}", "Excluir donde {filter}";
    only_these: "Only these", "Só estas", "Solo estas";
    all_but_these: "All but these", "Todas menos estas", "Todas menos estas";
    as_recorded: "As recorded", "Como foi registrado", "Tal como se registró";
}
