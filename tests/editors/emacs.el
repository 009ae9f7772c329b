;;; Drives Emacs: prints what the server told about the file, applies a fix, and prints the file.  -*- lexical-binding: t -*-
(require 'eglot)
(define-derived-mode nix-mode prog-mode "Nix")

(defun wait (what holds)
  (let ((end (time-add nil 20)))
    (while (not (funcall holds))
      (when (time-less-p end nil) (error "waited in vain: %s" what))
      (accept-process-output nil 0.02))))

(defun show (&rest texts)
  (princ (concat (string-join texts " ") "\n")))

(defun problems ()
  (flymake-start)
  (flymake-diagnostics))

(find-file "lan.nix")
(nix-mode)
(setq eglot-sync-connect 20)
(apply #'eglot (eglot--guess-contact))
(flymake-mode 1)

(wait "problems" #'problems)
(dolist (problem (problems))
  (goto-char (flymake-diagnostic-beg problem))
  (show "problem:" (format "%d:%d" (1- (line-number-at-pos)) (current-column)) (flymake-diagnostic-text problem)))

(goto-char (point-min))
(search-forward "\"natt")
(let ((capf (progn (backward-char 4) (eglot-completion-at-point))))
  (show "completion:" (string-join (all-completions "" (nth 2 capf)) " ")))

(goto-char (point-min))
(search-forward "forward.m")
(let ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
  (show "hover:" (car (split-string (plist-get (plist-get hover :contents) :value) "\n"))))

(goto-char (point-min))
(search-forward "\"na")
(let ((fix (seq-find (lambda (action) (string-prefix-p "Change to" (plist-get action :title)))
                     (eglot-code-actions (point) (point)))))
  (eglot-execute (eglot-current-server) fix))
(princ (buffer-string))
;; Emacs sends changes once it is idle, which it never is without a terminal.
(eglot--signal-textDocument/didChange)
(wait "no problem" (lambda () (not (problems))))
(goto-char (point-min))
(search-forward "forward")
(save-current-buffer (nixvirt-xml))
(show (string-trim (with-current-buffer "*XML*" (buffer-string))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
