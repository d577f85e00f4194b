; Every function is marked but those that say goc_norace.
; PASSES: goc-race-mark

@.str = private unnamed_addr constant [11 x i8] c"goc_norace\00", section "llvm.metadata"
@.other = private unnamed_addr constant [6 x i8] c"other\00", section "llvm.metadata"
@.file = private unnamed_addr constant [4 x i8] c"a.c\00", section "llvm.metadata"
@llvm.global.annotations = appending global [2 x { ptr, ptr, ptr, i32, ptr }] [
  { ptr, ptr, ptr, i32, ptr } { ptr @quiet, ptr @.str, ptr @.file, i32 1, ptr null },
  { ptr, ptr, ptr, i32, ptr } { ptr @loud, ptr @.other, ptr @.file, i32 2, ptr null }
], section "llvm.metadata"

; CHECK: define void @plain() [[FULL:#[0-9]+]]
; CHECK: define void @quiet() [[NORACE:#[0-9]+]]
; CHECK: define void @loud() [[FULL]]
; CHECK: declare void @elsewhere(){{$}}
; CHECK: define void @disabled() [[NONE:#[0-9]+]]
; CHECK: attributes [[FULL]] = { sanitize_thread }
; CHECK: attributes [[NORACE]] = { "goc-norace" }
; CHECK: attributes [[NONE]] = { disable_sanitizer_instrumentation }
define void @plain() {
  ret void
}
define void @quiet() {
  ret void
}
define void @loud() {
  ret void
}
declare void @elsewhere()
define void @disabled() disable_sanitizer_instrumentation {
  ret void
}
