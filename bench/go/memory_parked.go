package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

func residentBytes() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	total, resident := 0, 0
	fmt.Sscan(string(text), &total, &resident)
	return resident * os.Getpagesize()
}

func main() {
	count := argument(1, 1000000)
	gate := make(chan bool)
	var parked sync.WaitGroup
	parked.Add(count)
	before := residentBytes()
	for i := 0; i < count; i++ {
		go func() {
			parked.Done()
			<-gate
		}()
	}
	parked.Wait()
	time.Sleep(10 * time.Millisecond)
	fmt.Printf("%.3f\n", float64(residentBytes()-before)/float64(count))
}
