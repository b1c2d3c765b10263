//! Words of no part in particular: the frame, what every page has, and what stands where something is missing.

use super::words;

words! {
    close: "Close", "Fechar", "Cerrar";
    cancel: "Cancel", "Cancelar", "Cancelar";
    copy: "Copy", "Copiar", "Copiar";
    language: "Language", "Idioma", "Idioma";
    sign_out: "Sign out", "Sair", "Cerrar sesión";
    skip_to_content: "Skip to the content", "Ir para o conteúdo", "Ir al contenido";
    main_navigation: "Main", "Principal", "Principal";
    keyboard_shortcuts: "Keyboard shortcuts", "Atalhos do teclado", "Atajos de teclado";
    light_or_dark: "Light or dark", "Claro ou escuro", "Claro u oscuro";
    account_menu: "Account menu", "Menu da conta", "Menú de la cuenta";

    not_found: "Not found", "Não encontrado", "No encontrado";
    nothing_here:
        "There is nothing at this address, or nothing that you may see.",
        "Não há nada neste endereço, ou nada que você possa ver.",
        "No hay nada en esta dirección, o nada que usted pueda ver.";
    to_the_start: "To the start", "Ir para o início", "Ir al inicio";
    not_now: "Not at the moment", "Não no momento", "No por el momento";
    page_not_loaded:
        "The page could not be loaded",
        "Não foi possível carregar a página",
        "No se pudo cargar la página";
    server_failed:
        "Something went wrong on the server. Nothing is lost: entries go on being recorded.",
        "Algo deu errado no servidor. Nada se perdeu: as entradas continuam sendo registradas.",
        "Algo salió mal en el servidor. No se perdió nada: las entradas se siguen registrando.";
    server_silent:
        "The server did not answer in time. Your search is kept.",
        "O servidor não respondeu a tempo. Sua pesquisa foi mantida.",
        "El servidor no respondió a tiempo. Su búsqueda se conserva.";
    try_again: "Try again", "Tentar novamente", "Intentar de nuevo";
    request_id(id): "Request {id}", "Requisição {id}", "Solicitud {id}";
}
