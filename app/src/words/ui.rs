//! Words of the controls that know no word of the product.

use super::words;

words! {
    pages: "Pages", "Páginas", "Páginas";
    first_page: "First page", "Primeira página", "Primera página";
    previous_page: "Previous page", "Página anterior", "Página anterior";
    next_page: "Next page", "Próxima página", "Página siguiente";
    last_page: "Last page", "Última página", "Última página";
    items_per_page: "Items per page", "Itens por página", "Elementos por página";
    page_of(field, last): "Page {field} of {last}", "Página {field} de {last}", "Página {field} de {last}";
    no_rows(none): "{none} rows", "{none} linhas", "{none} filas";
    rows_of(rows, total): "rows {rows} of {total}", "linhas {rows} de {total}", "filas {rows} de {total}";
    rows_of_more(rows, total):
        "rows {rows} of more than {total}", "linhas {rows} de mais de {total}", "filas {rows} de más de {total}";
    apply: "Apply", "Aplicar", "Aplicar";
    go: "Go", "Ir", "Ir";

    search: "Search", "Pesquisar", "Buscar";
    clear_the_search: "Clear the search", "Limpar a pesquisa", "Borrar la búsqueda";

    ascending(column): "{column}, ascending", "{column}, em ordem crescente", "{column}, en orden ascendente";
    descending(column): "{column}, descending", "{column}, em ordem decrescente", "{column}, en orden descendente";

    notes: "Notes", "Avisos", "Avisos";
    left_out(parameter, takes):
        "“{parameter}” was left out of this page: it takes {takes}.",
        "“{parameter}” foi desconsiderado nesta página: aceita {takes}.",
        "“{parameter}” no se tuvo en cuenta en esta página: admite {takes}.";
    page_too_far(page):
        "Page {page} does not exist; this is the last.",
        "A página {page} não existe; esta é a última.",
        "La página {page} no existe; esta es la última.";

    fields_need_a_look[count]:
        "One field needs another look." | "{count} fields need another look.",
        "Um campo precisa ser revisto." | "{count} campos precisam ser revistos.",
        "Hay que revisar un campo." | "Hay que revisar {count} campos.";
}
