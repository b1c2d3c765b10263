//! The menu of columns.

use super::words;

words! {
    columns: "Columns", "Colunas", "Columnas";
    column_always: "always", "sempre", "siempre";
    columns_shown(shown, all): "{shown} of {all} shown", "{shown} de {all} exibidas", "{shown} de {all} visibles";
    columns_reset: "Reset", "Restaurar", "Restablecer";
    column_to_start(column): "Move {column} towards the start", "Mover {column} para o início", "Mover {column} hacia el inicio";
    column_to_end(column): "Move {column} towards the end", "Mover {column} para o fim", "Mover {column} hacia el final";
    column_narrower(column): "Make {column} narrower", "Estreitar {column}", "Hacer más estrecha la columna {column}";
    column_wider(column): "Make {column} wider", "Alargar {column}", "Hacer más ancha la columna {column}";
    density: "Density", "Densidade", "Densidad";
    density_compact: "Compact", "Compacta", "Compacta";
    density_regular: "Regular", "Normal", "Normal";
    density_relaxed: "Relaxed", "Espaçosa", "Amplia";
}
