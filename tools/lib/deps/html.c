// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include <unicore/util.h>

#include "view.h"

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n"
	"body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;"
	"color:#222;background:#fff}\n"
	"h1{font-size:1.4em}h2{font-size:1.1em;margin-top:1.6em}\n"
	"input{font:inherit;padding:.35em .6em;width:100%;box-sizing:border-box;border:1px solid "
	"#888;border-radius:4px}\n"
	"details{border-bottom:1px solid #ddd;padding:.2em 0}summary{cursor:pointer}\n"
	"ol{margin:.3em 0 .6em 1.2em;padding-left:1em;font-family:ui-monospace,monospace;"
	"font-size:12px}\n"
	".n{display:inline-block;width:3.2em;color:#666}.w{color:#666;margin-left:1em}\n"
	".hide{display:none}\n"
	"@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}details{border-color:"
	"#333}input{background:#222;color:#ddd}.n,.w{color:#999}}\n"
	"</style>\n";

static const char script[] =
	"<script>\n"
	"const q=document.querySelector('input');\n"
	"q.addEventListener('input',()=>{const t=q.value.toLowerCase();\n"
	"for(const d of document.querySelectorAll('details'))"
	"d.classList.toggle('hide',t!==''&&!d.textContent.toLowerCase().includes(t));});\n"
	"for(const b of document.querySelectorAll('button'))b.addEventListener('click',()=>{\n"
	"for(const d of document.querySelectorAll('details:not(.hide)'))d.open=b.value==='1';});\n"
	"</script></body></html>\n";

static void path(const json_t *via, FILE *f)
{
	char buf[512];
	json_t *step;
	size_t i;

	fputs("<ol>", f);
	json_array_foreach(via, i, step)
	{
		fputs("<li>", f);
		uc_html_text(uc_deps_step_text(step, buf, sizeof(buf)), f);
		fputs(" <span class=w>", f);
		uc_html_text(uc_json_str(step, "at"), f);
		fputs("</span></li>", f);
	}
	fputs("</ol></details>\n", f);
}

static void calls(const json_t *doc, FILE *f)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "syscalls"), i, o)
	{
		fprintf(f, "<details><summary><span class=n>%lld</span><b>",
			(long long)json_integer_value(json_object_get(o, "number")));
		uc_html_text(uc_json_str(o, "name"), f);
		fprintf(f, "</b><span class=w>%lld places%s</span></summary>",
			(long long)json_integer_value(json_object_get(o, "sites")),
			json_is_true(json_object_get(o, "traced")) ? ", traced" : "");
		path(json_object_get(o, "via"), f);
	}
}

static void unknown(const json_t *doc, FILE *f)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "unresolved"), i, o)
	{
		fputs("<details><summary>", f);
		uc_html_text(uc_json_str(o, "why"), f);
		fputs("</summary>", f);
		path(json_object_get(o, "via"), f);
	}
}

static void files(const json_t *doc, FILE *f)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "libraries"), i, o)
	{
		fputs("<details><summary>", f);
		uc_html_text(uc_json_str(o, "path"), f);
		fputs("<span class=w>", f);
		uc_html_text(uc_json_str(o, "why"), f);
		fprintf(f,
			"</span></summary><ol><li>%s, %lld of %lld functions "
			"reached</li></ol></details>\n",
			uc_json_str(o, "role"),
			(long long)json_integer_value(json_object_get(o, "reached")),
			(long long)json_integer_value(json_object_get(o, "functions")));
	}
}

static void imports(const json_t *doc, FILE *f)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "imports"), i, o)
	{
		fputs("<details><summary>", f);
		uc_html_text(uc_json_str(o, "name"), f);
		fputs("<span class=w>", f);
		uc_html_text(uc_path_base(uc_json_str(o, "library")), f);
		fputs("</span></summary></details>\n", f);
	}
}

static void heading(const char *title, const json_t *doc, const char *key, FILE *f)
{
	fprintf(f, "<h2>%s (%zu)</h2>\n", title, json_array_size(json_object_get(doc, key)));
}

void uc_deps_show_html(const json_t *doc, FILE *f)
{
	const char *name = json_string_value(json_array_get(json_object_get(doc, "sources"), 0));

	fputs(head, f);
	fputs("<title>", f);
	uc_html_text(name ? name : "deps", f);
	fputs("</title></head><body>\n<h1>What ", f);
	uc_html_text(name ? name : "the program", f);
	fputs(" depends on</h1>\n<p><input type=\"search\" placeholder=\"search\" "
	      "aria-label=\"search\"></p>\n<p><button value=\"1\">unfold</button> <button "
	      "value=\"0\">fold</button></p>\n",
	      f);
	heading("System calls", doc, "syscalls", f);
	calls(doc, f);
	heading("Unresolved", doc, "unresolved", f);
	unknown(doc, f);
	heading("Files", doc, "libraries", f);
	files(doc, f);
	heading("Library calls of the program", doc, "imports", f);
	imports(doc, f);
	fputs(script, f);
}
