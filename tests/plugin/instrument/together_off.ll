; PASSES: goc-race
; OPTIONS: -goc-race-no-together

define void @fields(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @fields
; CHECK: call preserve_mostcc void @goc_race_leaf_write8(ptr %p
; CHECK: call preserve_mostcc void @goc_race_leaf_write8(ptr %b
; CHECK: ret void
  store i64 1, ptr %p, align 8
  %b = getelementptr i8, ptr %p, i64 8
  store i64 1, ptr %b, align 8
  ret void
}
