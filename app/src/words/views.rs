//! Saved views and short links.

use super::words;

words! {
    views: "Views", "Visões", "Vistas";
    views_own: "Your views", "Suas visões", "Sus vistas";
    views_shared: "Shared with you", "Compartilhadas com você", "Compartidas con usted";
    views_none: "None yet. Filter and sort the log as you need it, then keep that here.", "Nenhuma ainda. Filtre e ordene os registros como precisar e guarde aqui.", "Ninguna todavía. Filtre y ordene los registros como los necesite y guárdelos aquí.";
    view_by(name): "by {name}", "de {name}", "de {name}";
    view_is_shared: "shared", "compartilhada", "compartida";
    view_is_default: "logs open with it", "os registros abrem com ela", "los registros se abren con ella";
    view_make_default(name): "Open logs with “{name}”", "Abrir os registros com “{name}”", "Abrir los registros con “{name}”";
    view_no_default(name): "No longer open logs with “{name}”", "Não abrir mais os registros com “{name}”", "Dejar de abrir los registros con “{name}”";
    view_delete(name): "Delete the view “{name}”", "Excluir a visão “{name}”", "Eliminar la vista “{name}”";
    view_keep: "Keep this view", "Guardar esta visão", "Guardar esta vista";
    view_name: "Name", "Nome", "Nombre";
    view_name_hint: "One of the same name is replaced.", "Uma de mesmo nome é substituída.", "Si ya existe ese nombre, se sustituye.";
    view_share_staff: "Share it with all staff", "Compartilhar com toda a equipe", "Compartirla con todo el personal";
    view_share_customer: "Share it with your colleagues", "Compartilhar com seus colegas", "Compartirla con sus colegas";
    view_open_with_it: "Open logs with it", "Abrir os registros com ela", "Abrir los registros con ella";
    view_save: "Save", "Salvar", "Guardar";
    short_link: "Short link", "Link curto", "Enlace corto";
    short_link_make: "Short link to these rows", "Link curto para estas linhas", "Enlace corto a estas filas";
    short_link_hint: "It always shows the same rows, to whoever may see this log.", "Mostra sempre as mesmas linhas, a quem pode ver estes registros.", "Muestra siempre las mismas filas, a quien puede ver estos registros.";
    short_link_copied: "Short link copied.", "Link curto copiado.", "Enlace corto copiado.";
    short_link_failed: "The short link could not be made.", "Não foi possível criar o link curto.", "No se pudo crear el enlace corto.";
    short_link_back: "Back to the log", "Voltar aos registros", "Volver a los registros";
}
