package main

import "fmt"

func main() {
	done := make(chan bool)
	go func() {
		fmt.Println("0")
		done <- true
	}()
	<-done
}
