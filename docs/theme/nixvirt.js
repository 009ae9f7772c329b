'use strict';

// mdBook's book.js highlights code and leaves one of the three style sheets for code on. Debian's package of mdBook does not
// write that file.
(function () {
    const blocks = document.querySelectorAll('pre code:not(.hljs)');
    if (typeof hljs === 'undefined' || blocks.length === 0) {
        return;
    }
    for (const block of blocks) {
        if (/\blanguage-/.test(block.className)) {
            hljs.highlightBlock(block);
        }
        block.classList.add('hljs');
    }
    const theme = document.documentElement.classList;
    const isAyu = theme.contains('ayu');
    const isDark = theme.contains('coal') || theme.contains('navy');
    document.getElementById('ayu-highlight-css').disabled = !isAyu;
    document.getElementById('tomorrow-night-css').disabled = !isDark;
    document.getElementById('highlight-css').disabled = isAyu || isDark;
})();
