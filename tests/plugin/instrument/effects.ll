; What LLVM derived of a function's effects is taken back: its body works on the
; detector's state now, and a call of it must not be left out.
; PASSES: goc-race<calls>

; CHECK: define i32 @get(ptr %p) [[GET:#[0-9]+]]
; CHECK-NOT: memory({{.*}}argmem
; CHECK: declare preserve_mostcc void @goc_race_read4(ptr{{.*}}) [[CHECKS:#[0-9]+]]
; CHECK: attributes [[GET]] = { nounwind sanitize_thread willreturn }
; CHECK: attributes [[CHECKS]] = { nomerge nounwind memory(inaccessiblemem: readwrite) }
define i32 @get(ptr %p) nounwind willreturn nosync memory(argmem: read) sanitize_thread {
  %v = load i32, ptr %p, align 4
  ret i32 %v
}
