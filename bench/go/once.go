package main

import "sync"

func main() {
	count := argument(1, 100000000)
	var once sync.Once
	calls := 0
	start := now()
	for i := 0; i < count; i++ {
		once.Do(func() { calls++ })
	}
	if calls != 1 {
		panic("wrong count")
	}
	printPerOp(start, count)
}
