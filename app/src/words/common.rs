//! Words of no part in particular: the frame, and what every page has.

use super::words;

words! {
    close: "Close", "Fechar", "Cerrar";
    language: "Language", "Idioma", "Idioma";
    sign_out: "Sign out", "Sair", "Cerrar sesión";
}
