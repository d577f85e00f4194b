; The caller copies what it passes by value: that is a read of all of it.
; PASSES: goc-race<calls>

%big = type { [100 x i8] }
declare void @take(ptr byval(%big) align 8)

define void @pass(ptr %p) nounwind sanitize_thread {
; CHECK-LABEL: define void @pass
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr %p, i64 100)
; CHECK-NEXT: call void @take(ptr byval(%big)
  call void @take(ptr byval(%big) align 8 %p)
  ret void
}
