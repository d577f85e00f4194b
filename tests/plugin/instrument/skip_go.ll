; goc_go copies its arguments, and the copy is the new goroutine's own.
; PASSES: goc-race<calls>

declare void @goc_go(ptr, ptr, i64)
declare void @goc_other(ptr, ptr, i64)
declare void @use(i32)
declare void @publish(ptr)

define void @spawns() sanitize_thread {
; CHECK-LABEL: define void @spawns
; CHECK-NOT: goc_race_write
; CHECK: ret
  %saved = alloca { i32, i32 }, align 4
  %b = getelementptr { i32, i32 }, ptr %saved, i64 0, i32 1
  store i32 1, ptr %saved, align 4
  store i32 2, ptr %b, align 4
  call void @goc_go(ptr @begins, ptr %saved, i64 8)
  ret void
}

define internal void @begins(ptr %saved) sanitize_thread {
; CHECK-LABEL: define internal void @begins
; CHECK-NOT: goc_race_read
; CHECK: ret
  %b = getelementptr { i32, i32 }, ptr %saved, i64 0, i32 1
  %v = load i32, ptr %b, align 4
  call void @use(i32 %v)
  ret void
}

; What the arguments lead to is anybody's.
define void @spawns_for(ptr %out) sanitize_thread {
; CHECK-LABEL: define void @spawns_for
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %local)
; CHECK-NOT: goc_race_write8
; CHECK: ret
  %local = alloca i32, align 4
  %saved = alloca ptr, align 8
  store i32 1, ptr %local, align 4
  store ptr %local, ptr %saved, align 8
  call void @goc_go(ptr @reads_there, ptr %saved, i64 8)
  ret void
}

define internal void @reads_there(ptr %saved) sanitize_thread {
; CHECK-LABEL: define internal void @reads_there
; CHECK: %there = load ptr
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %there)
  %there = load ptr, ptr %saved, align 8
  %v = load i32, ptr %there, align 4
  call void @use(i32 %v)
  ret void
}

; The copy's address leaves the goroutine.
define void @spawns_publisher() sanitize_thread {
  %saved = alloca i32, align 4
  call void @goc_go(ptr @publishes, ptr %saved, i64 4)
  ret void
}

define internal void @publishes(ptr %saved) sanitize_thread {
; CHECK-LABEL: define internal void @publishes
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %saved)
  call void @publish(ptr %saved)
  %v = load i32, ptr %saved, align 4
  call void @use(i32 %v)
  ret void
}

; The same function is begun with a copy here and called with anything there.
define void @spawns_and_calls(ptr %any) sanitize_thread {
  %saved = alloca i32, align 4
  call void @goc_go(ptr @begins_or_not, ptr %saved, i64 4)
  call void @begins_or_not(ptr %any)
  ret void
}

define internal void @begins_or_not(ptr %saved) sanitize_thread {
; CHECK-LABEL: define internal void @begins_or_not
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %saved)
  %v = load i32, ptr %saved, align 4
  call void @use(i32 %v)
  ret void
}

; Others can begin it too.
define void @spawns_known() sanitize_thread {
  %saved = alloca i32, align 4
  call void @goc_go(ptr @known, ptr %saved, i64 4)
  ret void
}

define void @known(ptr %saved) sanitize_thread {
; CHECK-LABEL: define void @known
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %saved)
  %v = load i32, ptr %saved, align 4
  call void @use(i32 %v)
  ret void
}

; Another function keeps what it gets.
define void @no_spawn() sanitize_thread {
; CHECK-LABEL: define void @no_spawn
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %saved)
  %saved = alloca i32, align 4
  store i32 1, ptr %saved, align 4
  call void @goc_other(ptr @not_begun, ptr %saved, i64 4)
  ret void
}

define internal void @not_begun(ptr %saved) sanitize_thread {
; CHECK-LABEL: define internal void @not_begun
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %saved)
  %v = load i32, ptr %saved, align 4
  call void @use(i32 %v)
  ret void
}
