; What is atomic against the own thread's signal handlers only stays as it is, but for the
; fence, which the detector may hear of.
; PASSES: goc-race<calls>

define i32 @alone(ptr %p) sanitize_thread {
; CHECK-LABEL: define i32 @alone
; CHECK: atomicrmw add ptr %p, i32 1 syncscope("singlethread") seq_cst
; CHECK: load atomic i32, ptr %p syncscope("singlethread") acquire
; CHECK: call void @goc_race_atomic_signal_fence(i32 5)
; CHECK-NOT: fence
; CHECK: ret
  %a = atomicrmw add ptr %p, i32 1 syncscope("singlethread") seq_cst
  %b = load atomic i32, ptr %p syncscope("singlethread") acquire, align 4
  fence syncscope("singlethread") seq_cst
  ret i32 %b
}

define void @shared() sanitize_thread {
; CHECK-LABEL: define void @shared
; CHECK: call void @goc_race_atomic_thread_fence(i32 2)
; CHECK: call void @goc_race_atomic_thread_fence(i32 3)
; CHECK: call void @goc_race_atomic_thread_fence(i32 4)
; CHECK: call void @goc_race_atomic_thread_fence(i32 5)
; CHECK-NOT: {{ fence}}
; CHECK: ret
  fence acquire
  fence release
  fence acq_rel
  fence seq_cst
  ret void
}
