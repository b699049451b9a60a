// SPDX-License-Identifier: BSD-3-Clause
// C++: exceptions through frames and threads, thread_local objects, streams, static initialisation.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

struct Announced {
	const char *name;
	explicit Announced(const char *n) : name(n)
	{
		std::cout << "+" << name << "\n";
	}
	~Announced()
	{
		std::cout << "-" << name << "\n";
	}
};
static Announced global("global");
static std::atomic<int> local_ends;
struct Local {
	int n = 1;
	~Local()
	{
		local_ends++;
	}
};
static thread_local Local per_thread;

static int deep(int n)
{
	Announced here(n % 2 ? "odd" : "even");
	if (n == 0)
		throw std::out_of_range("bottom");
	return deep(n - 1) + 1;
}

int main()
{
	try {
		deep(3);
	} catch (const std::out_of_range &e) {
		std::cout << "caught " << e.what() << "\n";
	}
	try {
		std::vector<int> v(3);
		std::cout << v.at(7);
	} catch (const std::exception &) {
		std::cout << "caught at()\n";
	}
	try {
		std::unique_ptr<char[]> huge(new char[1ul << 46]);
	} catch (const std::bad_alloc &) {
		std::cout << "caught bad_alloc\n";
	}

	std::mutex m;
	std::condition_variable cv;
	int ready = 0;
	std::vector<std::thread> pool;
	for (int i = 0; i < 4; i++) {
		pool.emplace_back([&, i] {
			per_thread.n += i;
			std::unique_lock<std::mutex> l(m);
			ready++;
			cv.notify_all();
		});
	}
	{
		std::unique_lock<std::mutex> l(m);
		cv.wait(l, [&] { return ready == 4; });
	}
	for (auto &t : pool)
		t.join();
	std::cout << "threads " << ready << " locals ended " << local_ends << "\n";

	auto failing = std::async(std::launch::async,
				  []() -> int { throw std::runtime_error("in thread"); });
	try {
		failing.get();
	} catch (const std::runtime_error &e) {
		std::cout << "caught " << e.what() << "\n";
	}
	auto sum = std::async(std::launch::async, [] {
		long s = 0;
		for (int i = 0; i < 100000; i++)
			s += i;
		return s;
	});
	std::cout << "sum " << sum.get() << "\n";

	std::map<std::string, int> words;
	std::istringstream text("a b a c b a");
	for (std::string w; text >> w;)
		words[w]++;
	for (auto &[w, n] : words)
		std::cout << w << "=" << n << " ";
	std::cout << std::regex_replace(std::string("x1y22"), std::regex("[0-9]+"), "#") << "\n";
	std::cerr << "to stderr\n";
	return 3;
}
