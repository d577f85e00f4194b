package main

import "sync"

func main() {
	parties := argument(1, 1)
	times := argument(2, 20000000) / parties
	var mutex sync.Mutex
	counter := 0
	var done sync.WaitGroup
	done.Add(parties)
	start := now()
	for i := 0; i < parties; i++ {
		go func() {
			for i := 0; i < times; i++ {
				mutex.Lock()
				counter++
				mutex.Unlock()
			}
			done.Done()
		}()
	}
	done.Wait()
	if counter != parties*times {
		panic("wrong count")
	}
	printPerOp(start, counter)
}
