'use strict';

// mdBook's book.js drives the theme menu and the width of the sidebar, and highlights code. Debian's package of mdBook omits
// that file together with the editor that the file supports.
(function () {
    if (typeof playground_text === 'function') {
        return;
    }
    // Without book.js, these controls do nothing. The theme then follows the browser's setting.
    for (const control of ['theme-toggle', 'theme-list', 'sidebar-resize-handle']) {
        document.getElementById(control)?.remove();
    }
    highlight();

    function highlight() {
        if (typeof hljs === 'undefined') {
            return;
        }
        for (const block of document.querySelectorAll('pre code')) {
            if (/\blanguage-/.test(block.className)) {
                hljs.highlightBlock(block);
            }
            block.classList.add('hljs');
        }
        // The page has a style sheet for each kind of theme.
        const theme = document.documentElement.classList;
        const isAyu = theme.contains('ayu');
        const isDark = theme.contains('coal') || theme.contains('navy');
        document.getElementById('ayu-highlight-css').disabled = !isAyu;
        document.getElementById('tomorrow-night-css').disabled = !isDark;
        document.getElementById('highlight-css').disabled = isAyu || isDark;
    }
})();
