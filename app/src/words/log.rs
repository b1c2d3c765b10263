//! Words of the Logs tab: toolbar, table, keys, and what is spoken.

use super::words;

words! {
    created_at: "Created At", "Criado em", "Creado el";
    user: "User", "Usuário", "Usuario";
    action: "Action", "Ação", "Acción";
    related_operation: "Related Operation", "Operação relacionada", "Operación relacionada";
    impacted_table: "Impacted Table", "Tabela afetada", "Tabla afectada";
    source: "Source", "Origem", "Origen";
    app_instance: "App Instance", "Instância", "Instancia";
    request_path: "Request Path", "Caminho da requisição", "Ruta de la solicitud";

    newest_first: "Newest first", "Mais recentes primeiro", "Más recientes primero";
    oldest_first: "Oldest first", "Mais antigos primeiro", "Más antiguos primero";
    a_to_z(column): "{column}, A to Z", "{column}, A a Z", "{column}, A a Z";
    z_to_a(column): "{column}, Z to A", "{column}, Z a A", "{column}, Z a A";
    sort_by: "Sort by", "Ordenar por", "Ordenar por";

    user_or_table: "User or table", "Usuário ou tabela", "Usuario o tabla";
    table: "Table", "Tabela", "Tabla";
    search_in: "Search in", "Pesquisar em", "Buscar en";
    search_the_log: "Search the log", "Pesquisar no registro", "Buscar en el registro";
    search_this_log: "Search this log", "Pesquisar neste registro", "Buscar en este registro";
    search_your_logs: "Search your logs", "Pesquisar nos seus registros", "Buscar en sus registros";
    export: "Export", "Exportar", "Exportar";
    whole_log: "The whole log", "Todo o registro", "Todo el registro";

    log_not_loaded: "The log could not be loaded", "Não foi possível carregar o registro", "No se pudo cargar el registro";
    say_log_not_loaded:
        "The log could not be loaded.", "Não foi possível carregar o registro.", "No se pudo cargar el registro.";
    logs_loading: "Logs, loading", "Registros, carregando", "Registros, cargando";
    logs_caption(rows, order, zone):
        "Logs: {rows} By {order}. Times are {zone}.",
        "Registros: {rows} Por {order}. Horários em {zone}.",
        "Registros: {rows} Por {order}. Horas en {zone}.";
    your_logs_caption(rows, order, zone):
        "Your logs: {rows} By {order}. Times are {zone}.",
        "Seus registros: {rows} Por {order}. Horários em {zone}.",
        "Sus registros: {rows} Por {order}. Horas en {zone}.";
    say_rows(first, last, total):
        "Rows {first} to {last} of {total}.", "Linhas {first} a {last} de {total}.", "Filas {first} a {last} de {total}.";
    say_rows_of_more(first, last, total):
        "Rows {first} to {last} of more than {total}.",
        "Linhas {first} a {last} de mais de {total}.",
        "Filas {first} a {last} de más de {total}.";
    sorted_by(order): "Sorted by {order}.", "Ordenado por {order}.", "Ordenado por {order}.";

    no_entries_yet: "No entries yet", "Ainda não há entradas", "Todavía no hay entradas";
    first_action_here:
        "The first action on this account will appear here.",
        "A primeira ação nesta conta aparecerá aqui.",
        "La primera acción en esta cuenta aparecerá aquí.";
    no_entries_match: "No entries match", "Nenhuma entrada encontrada", "Ninguna entrada coincide";
    say_no_entries_match: "No entries match.", "Nenhuma entrada encontrada.", "Ninguna entrada coincide.";
    at_any_time: "At any time", "Em qualquer período", "En cualquier momento";
    none_meets_conditions:
        "No entry in this log meets all conditions above.",
        "Nenhuma entrada deste registro atende a todas as condições acima.",
        "Ninguna entrada de este registro cumple todas las condiciones de arriba.";
    none_meets_conditions_and(text):
        "No entry in this log meets all conditions above and “{text}”.",
        "Nenhuma entrada deste registro atende a todas as condições acima e a “{text}”.",
        "Ninguna entrada de este registro cumple todas las condiciones de arriba y “{text}”.";
    no_user_or_table_contains(text):
        "No user or table in this log has a name that contains “{text}”.",
        "Nenhum usuário ou tabela deste registro tem um nome que contenha “{text}”.",
        "Ningún usuario ni tabla de este registro tiene un nombre que contenga “{text}”.";
    no_user_contains(text):
        "No user in this log has a name that contains “{text}”.",
        "Nenhum usuário deste registro tem um nome que contenha “{text}”.",
        "Ningún usuario de este registro tiene un nombre que contenga “{text}”.";
    no_table_contains(text):
        "No table in this log has a name that contains “{text}”.",
        "Nenhuma tabela deste registro tem um nome que contenha “{text}”.",
        "Ninguna tabla de este registro tiene un nombre que contenga “{text}”.";

    no_value: "none", "nenhum", "ninguno";
    is_operator: ", operator", ", operador", ", operador";
    is_customer: ", customer", ", cliente", ", cliente";
    is_client: ", API client", ", cliente de API", ", cliente de API";
    is_system: ", system", ", sistema", ", sistema";
    is_unknown: ", of no known kind", ", de tipo desconhecido", ", de tipo desconocido";
    our_staff: "our staff", "nossa equipe", "nuestro equipo";
    you: "you", "você", "usted";
    app_you_connected: "app you connected", "aplicativo que você conectou", "aplicación que usted conectó";
    automatic: "automatic", "automático", "automático";

    as_of_entry(number): "As of entry {number}", "Até a entrada {number}", "Hasta la entrada {number}";
    pinned_to_entry(number):
        "This view is pinned to entry {number}: pages do not shift while you read.",
        "Esta visão está fixada na entrada {number}: as páginas não se movem durante a leitura.",
        "Esta vista está fijada en la entrada {number}: las páginas no se mueven mientras lee.";
    new_entries[count]:
        "{count} new entry" | "{count} new entries",
        "{count} entrada nova" | "{count} entradas novas",
        "{count} entrada nueva" | "{count} entradas nuevas";
    say_new_entries[count]:
        "{count} new entry." | "{count} new entries.",
        "{count} entrada nova." | "{count} entradas novas.",
        "{count} entrada nueva." | "{count} entradas nuevas.";
    say_new_entries_and_key[count]:
        "{count} new entry. Press N to show it." | "{count} new entries. Press N to show them.",
        "{count} entrada nova. Pressione N para mostrá-la." | "{count} entradas novas. Pressione N para mostrá-las.",
        "{count} entrada nueva. Pulse N para mostrarla." | "{count} entradas nuevas. Pulse N para mostrarlas.";
    show_them: "Show them", "Mostrá-las", "Mostrarlas";
    live: "Live", "Ao vivo", "En vivo";
    what_live_does:
        "New entries come in by themselves while nobody is reading what they would move",
        "Entradas novas entram sozinhas enquanto ninguém lê o que elas moveriam",
        "Las entradas nuevas entran solas mientras nadie lee lo que moverían";
    copied: "Copied.", "Copiado.", "Copiado.";
    link_copied: "Link copied.", "Link copiado.", "Enlace copiado.";
    no_such_entry: "There is no such entry", "Essa entrada não existe", "Esa entrada no existe";
    entry_not_loaded:
        "The entry could not be loaded", "Não foi possível carregar a entrada", "No se pudo cargar la entrada";

    key_rows: "Next, previous row", "Próxima linha, anterior", "Fila siguiente, anterior";
    key_rows_in_table:
        "Next, previous row, in the table", "Próxima linha, anterior, na tabela", "Fila siguiente, anterior, en la tabla";
    key_ends:
        "First, last row, in the table", "Primeira linha, última, na tabela", "Primera fila, última, en la tabla";
    key_pages: "Previous, next page", "Página anterior, próxima", "Página anterior, siguiente";
    key_page_number: "Page number", "Número da página", "Número de página";
    key_open: "Open the entry of the row", "Abrir a entrada da linha", "Abrir la entrada de la fila";
    key_select:
        "Select the row, or no longer; with Ctrl or ⌘ and a click, too",
        "Selecionar a linha, ou deixar de; também com Ctrl ou ⌘ e um clique",
        "Seleccionar la fila, o dejar de hacerlo; también con Ctrl o ⌘ y un clic";
    key_select_on:
        "Select up to the next, previous row; with Shift and a click, too",
        "Selecionar até a linha seguinte, anterior; também com Shift e um clique",
        "Seleccionar hasta la fila siguiente, anterior; también con Mayús y un clic";
    key_close: "Close what is open", "Fechar o que está aberto", "Cerrar lo que está abierto";
    key_only:
        "Only what holds the focused value, else the row’s user",
        "Só o que tem o valor em foco, senão o usuário da linha",
        "Solo lo que tiene el valor enfocado, o si no el usuario de la fila";
    key_all_but: "All but that", "Tudo menos isso", "Todo menos eso";
    key_filter: "Add a filter", "Adicionar um filtro", "Añadir un filtro";
    key_new: "Show the new entries", "Mostrar as entradas novas", "Mostrar las entradas nuevas";
    key_live: "Follow the log live", "Acompanhar o registro ao vivo", "Seguir el registro en vivo";
    key_copy_link: "Copy the link to this view", "Copiar o link desta visão", "Copiar el enlace de esta vista";
    key_clear: "Clear search and filters", "Limpar pesquisa e filtros", "Borrar búsqueda y filtros";
    key_help: "This help", "Esta ajuda", "Esta ayuda";
    single_keys_on: "Single keys are on", "Teclas simples ligadas", "Teclas sueltas activadas";
}
