//! What is suggested while one types into the search box.

use super::words;

words! {
    suggestions: "Suggestions", "Sugestões", "Sugerencias";
    number_of_suggestions[count]:
        "{count} suggestion" | "{count} suggestions",
        "{count} sugestão" | "{count} sugestões",
        "{count} sugerencia" | "{count} sugerencias";
    suggest_after: "from a moment on", "a partir de um momento", "desde un momento";
    suggest_before: "until a moment", "até um momento", "hasta un momento";
    suggest_not(field): "not: {field}", "não: {field}", "no: {field}";
    suggest_today: "today", "hoje", "hoy";
    suggest_yesterday: "yesterday", "ontem", "ayer";
    suggest_month: "this month", "este mês", "este mes";
    suggest_hours_ago[count]:
        "{count} hour ago" | "{count} hours ago",
        "há {count} hora" | "há {count} horas",
        "hace {count} hora" | "hace {count} horas";
    suggest_days_ago[count]:
        "{count} day ago" | "{count} days ago",
        "há {count} dia" | "há {count} dias",
        "hace {count} día" | "hace {count} días";
}
