//! What is suggested while one types into the search box.

use super::words;

words! {
    suggestions: "Suggestions", "Sugestões", "Sugerencias";
    one_suggestion: "1 suggestion", "1 sugestão", "1 sugerencia";
    several_suggestions(count): "{count} suggestions", "{count} sugestões", "{count} sugerencias";
    suggest_after: "from a moment on", "a partir de um momento", "desde un momento";
    suggest_before: "until a moment", "até um momento", "hasta un momento";
    suggest_not(field): "not: {field}", "não: {field}", "no: {field}";
    suggest_today: "today", "hoje", "hoy";
    suggest_yesterday: "yesterday", "ontem", "ayer";
    suggest_month: "this month", "este mês", "este mes";
    suggest_hours_ago(hours): "{hours} hours ago", "há {hours} horas", "hace {hours} horas";
    suggest_days_ago(days): "{days} days ago", "há {days} dias", "hace {days} días";
}
