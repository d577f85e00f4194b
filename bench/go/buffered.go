package main

import "sync"

func main() {
	parties := argument(1, 1)
	count := argument(2, 8000000) / parties
	c := make(chan int32, 100)
	var sent, received sync.WaitGroup
	sent.Add(parties)
	received.Add(parties)
	start := now()
	for i := 0; i < parties; i++ {
		go func() {
			sum := 0
			for v := range c {
				sum += int(v)
			}
			if sum < 0 {
				panic("wrong sum")
			}
			received.Done()
		}()
		go func() {
			for i := 0; i < count; i++ {
				c <- int32(i)
			}
			sent.Done()
		}()
	}
	sent.Wait()
	close(c)
	received.Wait()
	printPerOp(start, count*parties)
}
