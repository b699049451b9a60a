// SPDX-License-Identifier: BSD-3-Clause
// flags: -Wl,--no-as-needed -lhiredis -lcurl -lprotobuf
// clientlibs HOST REDIS_PORT URL: protobuf messages go through a redis server (hiredis), a page
// comes by libcurl.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <curl/curl.h>
#include <google/protobuf/struct.pb.h>
#include <hiredis/hiredis.h>

static int failures;

static void check(bool good, const char *what)
{
	if (!good) {
		printf("does not hold: %s\n", what);
		failures++;
	}
}

static google::protobuf::Struct message(int n)
{
	google::protobuf::Struct s;

	(*s.mutable_fields())["number"].set_number_value(n);
	(*s.mutable_fields())["text"].set_string_value(std::string(static_cast<size_t>(n), 'x'));
	return s;
}

static void redis(const char *host, int port)
{
	redisContext *c = redisConnect(host, port);

	check(c && !c->err, "connected to redis");
	if (!c || c->err)
		return;
	for (int n = 1; n < 100000; n *= 7) { /* in one pipeline */
		std::string bytes = message(n).SerializeAsString();

		redisAppendCommand(c, "SET key:%d %b", n, bytes.data(), bytes.size());
		redisAppendCommand(c, "GET key:%d", n);
	}
	for (int n = 1; n < 100000; n *= 7) {
		google::protobuf::Struct s;
		redisReply *set = nullptr, *got = nullptr;

		check(redisGetReply(c, (void **)&set) == REDIS_OK && set, "answer to SET");
		check(redisGetReply(c, (void **)&got) == REDIS_OK && got, "answer to GET");
		check(got && s.ParseFromArray(got->str, (int)got->len) &&
			      s.fields().at("text").string_value().size() == (size_t)n,
		      "the same message");
		freeReplyObject(set);
		freeReplyObject(got);
	}
	redisFree(c);
}

static size_t count(char *, size_t size, size_t n, void *sum)
{
	*(size_t *)sum += size * n;
	return size * n;
}

static void page(const char *url)
{
	CURL *c = curl_easy_init();
	size_t n = 0;

	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, count);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &n);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 30L);
	for (int i = 0; i < 3; i++) /* on one connection */
		check(curl_easy_perform(c) == CURLE_OK, "the page came");
	curl_easy_cleanup(c);
	printf("%zu bytes\n", n);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	redis(argv[1], atoi(argv[2]));
	page(argv[3]);
	puts(failures ? "FAILED" : "ok");
	return failures != 0;
}
