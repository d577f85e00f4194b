; A swifterror pointer is a register in disguise; its address cannot be passed on.
; PASSES: goc-race<calls>

define i64 @error(ptr swifterror %e) sanitize_thread {
; CHECK-LABEL: define i64 @error
; CHECK-NOT: goc_race
; CHECK: ret
  %v = load ptr, ptr %e, align 8
  store ptr null, ptr %e, align 8
  ret i64 0
}
