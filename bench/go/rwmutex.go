package main

import "sync"

func main() {
	count := argument(1, 20000000)
	var mutex sync.RWMutex
	start := now()
	for i := 0; i < count; i++ {
		mutex.RLock()
		mutex.RUnlock()
	}
	printPerOp(start, count)
}
