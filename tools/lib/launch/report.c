// SPDX-License-Identifier: BSD-3-Clause
/* The --json report. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/launch.h>
#include <unicore/p9serve.h>

static json_t *ms(double v)
{
	return v < 0 ? json_null() : json_real((double)(int64_t)(v * 1000 + 0.5) / 1000);
}

/* `key=decimal` lines; a line of another form is left out. */
static json_t *guest_stats(const char *text)
{
	json_t *o = json_object();

	while (*text) {
		size_t n = strcspn(text, "\n");
		const char *eq = memchr(text, '=', n);
		char key[64], *end;

		if (eq && eq > text && (size_t)(eq - text) < sizeof(key)) {
			memcpy(key, text, (size_t)(eq - text));
			key[eq - text] = 0;
			long long v = strtoll(eq + 1, &end, 10);
			if (end > eq + 1 && end == text + n)
				json_object_set_new(o, key, json_integer(v));
		}
		text += n + (text[n] == '\n');
	}
	return o;
}

/* Bytes that are not UTF-8 (a file name) must not cost the whole report. */
static json_t *text(const char *s)
{
	json_t *j = json_string(s);

	return j ? j : json_string("");
}

void uc_outcome_json(const struct uc_outcome *o, const struct uc_launch *l, const char *image,
		     FILE *f)
{
	json_t *j = json_object();

	json_object_set_new(j, "report", json_string("unicore.run/1"));
	json_object_set_new(j, "image", text(image));
	bool kvm = l->plat == UC_PLAT_KVM;

	json_object_set_new(j, "plat", json_string(uc_plat_names[l->plat]));
	json_object_set_new(j, "machine",
			    json_string(kvm ? uc_machine_names[l->machine] : "process"));
	json_object_set_new(j, "prepared", json_boolean(o->prepared));
	json_object_set_new(j, "accel", json_string(kvm ? uc_accel_names[o->accel] : "none"));
	json_object_set_new(j, "net", json_string(uc_net_names[l->net ? l->net->mode : 0]));
	json_object_set_new(j, "exit_kind", json_string(o->kind ? o->kind : "none"));
	json_object_set_new(j, "exit_status", json_integer(o->status));
	json_object_set_new(j, "exit_signal", o->signal ? json_integer(o->signal) : json_null());
	json_object_set_new(j, "boot_ms", ms(o->boot_ms));
	json_object_set_new(j, "run_ms", ms(o->run_ms));
	json_object_set_new(j, "total_ms", ms(o->total_ms));
	json_object_set_new(j, "kernel_bytes", json_integer((json_int_t)o->kernel_bytes));
	json_object_set_new(j, "image_bytes",
			    json_integer((json_int_t)(o->kernel_bytes + o->root_bytes)));
	json_object_set_new(j, "memory_bytes", json_integer((json_int_t)o->memory_bytes));
	json_object_set_new(j, "host_peak_bytes", json_integer((json_int_t)o->host_peak_bytes));
	if (!kvm && l->nvolumes)
		json_object_set_new(j, "folder_syncs", json_integer((json_int_t)uc_p9s_syncs()));
	if (l->fault)
		json_object_set_new(j, "fault_injected", json_boolean(o->fault_injected));
	json_object_set_new(j, "guest", guest_stats(o->stats ? o->stats : ""));
	json_dumpf(j, f, JSON_COMPACT | JSON_REAL_PRECISION(9));
	fputc('\n', f);
	json_decref(j);
}
