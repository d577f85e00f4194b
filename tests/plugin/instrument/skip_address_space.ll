; Segments other than the flat one are not shared memory.
; PASSES: goc-race<calls>

define i32 @segment() sanitize_thread {
; CHECK-LABEL: define i32 @segment
; CHECK-NOT: goc_race
; CHECK: ret
  %a = load i32, ptr addrspace(257) null, align 4
  %b = atomicrmw add ptr addrspace(257) null, i32 1 seq_cst
  ret i32 %a
}
