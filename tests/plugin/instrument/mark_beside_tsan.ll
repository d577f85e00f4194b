; Under -fsanitize=thread clang has chosen: no_sanitize("thread") functions are those
; without the attribute.
; PASSES: goc-race-mark

; CHECK: define void @chosen() [[FULL:#[0-9]+]]
; CHECK: define void @left_out() [[NORACE:#[0-9]+]]
; CHECK: attributes [[FULL]] = { sanitize_thread }
; CHECK: attributes [[NORACE]] = { "goc-norace" }
define void @chosen() sanitize_thread {
  ret void
}
define void @left_out() {
  ret void
}
