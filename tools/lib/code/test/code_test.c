// SPDX-License-Identifier: BSD-3-Clause
// sources: ../object.c ../symbols.c ../relocs.c ../unwind.c ../decode.c ../body.c ../cuts.c
// sources: ../value.c ../state.c ../flow.c ../values.c ../live.c ../passed.c ../branch.c
// sources: ../returns.c ../compared.c
// sources: ../../util/mem.c ../../util/search.c ../../util/vec.c
// sources: ../../util/file.c ../../util/path.c ../../util/map.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// libs: -lZydis -lxxhash
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <unicore/code.h>

/*
 * Functions as compilers make them; the file under test is this program. Each makes its call, or
 * hands it on, in another way.
 */
#define FN(name, body) \
	__asm__(".pushsection .text\n.globl " #name "\n.type " #name ",@function\n" #name \
		":\n.cfi_startproc\n" body "\n.cfi_endproc\n.size " #name ",.-" #name \
		"\n.popsection\n");

FN(uc_t_plain, "mov $39,%eax\nsyscall\nret")
FN(uc_t_copied, "push %rbx\nmov $186,%ebx\ncall uc_t_plain\nmov %ebx,%eax\nsyscall\npop %rbx\nret")
FN(uc_t_slot, "sub $24,%rsp\nmovq $102,8(%rsp)\nmov 8(%rsp),%rax\nsyscall\nadd $24,%rsp\nret")
FN(uc_t_either, "mov $1,%eax\nmov $20,%ecx\ntest %edi,%edi\ncmove %ecx,%eax\nsyscall\nret")
FN(uc_t_byte, "xor %eax,%eax\nmov $56,%al\nsyscall\nret")
FN(uc_t_pushed, "push $60\npop %rax\nsyscall\nret")
FN(uc_t_joined, "test %edi,%edi\nje 1f\nmov $3,%eax\njmp 2f\n1: mov $4,%eax\n2: syscall\nret")
FN(uc_t_wrapper, "mov %rdi,%rax\nmov %rsi,%rdi\nsyscall\nret")
FN(uc_t_caller, "mov $24,%edi\ncall uc_t_wrapper\nmov $25,%edi\njmp uc_t_wrapper")
FN(uc_t_struct, "mov (%rdi),%eax\nsyscall\nret")
FN(uc_t_fills, "sub $24,%rsp\nmovl $105,(%rsp)\nmov %rsp,%rdi\ncall uc_t_struct\nadd $24,%rsp\nret")
FN(uc_t_unknown, "mov (%rdi,%rsi,4),%eax\nsyscall\nret")
FN(uc_t_clobbered, "mov $9,%eax\ncall uc_t_plain\nsyscall\nret")
FN(uc_t_stops, "mov $60,%eax\n1: syscall\njmp 1b")
FN(uc_t_behind, "test %edi,%edi\njne 1f\nmov $231,%r9d\njmp 2f\n1: call uc_t_stops\n"
		"2: mov %r9d,%eax\nsyscall\nret")
FN(uc_t_loop, "mov $202,%r12d\n1: mov %r12d,%eax\nsyscall\ndec %edi\njne 1b\nret")
FN(uc_t_table, "lea uc_t_data(%rip),%rax\nmov uc_t_var(%rip),%rcx\ncall *uc_t_var(%rip)\nret")
FN(uc_t_choice, "cmp $1,%edi\nje 1f\nmov $3,%eax\nsyscall\nret\n1: mov $4,%eax\nsyscall\nret")
FN(uc_t_switch, "lea 9f(%rip),%rdx\ncmp $2,%edi\nja 3f\nmovslq (%rdx,%rdi,4),%rax\n"
		"add %rdx,%rax\njmp *%rax\n1: mov $5,%eax\nsyscall\nret\n"
		"2: mov $6,%eax\nsyscall\nret\n3: mov $7,%eax\nsyscall\nret\n"
		".pushsection .rodata\n.balign 4\n9: .long 1b-9b,2b-9b,3b-9b\n.popsection")
FN(uc_t_passes, "mov $1,%edi\ncall uc_t_choice\nmov $2,%edi\n1: call uc_t_choice\n"
		"mov %eax,%edi\ntest %eax,%eax\nje 1b\nret")
__asm__(".pushsection .data\n.globl uc_t_data\nuc_t_data: .quad uc_t_plain\n.quad "
	"uc_t_slot\n.globl uc_t_var\n"
	"uc_t_var: .quad uc_t_byte\n.globl uc_t_end\nuc_t_end: .quad 0\n.popsection\n");

struct file {
	struct uc_code c;
	char *data;
	size_t n;
};

static int load(void **state)
{
	static struct file f;
	const char *why;

	f.data = uc_file_map("/proc/self/exe", &f.n);
	assert_non_null(f.data);
	assert_true(uc_code_open(&f.c, (const uint8_t *)f.data, f.n, &why));
	uc_code_cuts(&f.c);
	*state = &f;
	return 0;
}

static int unload(void **state)
{
	struct file *f = *state;

	uc_code_close(&f->c);
	munmap(f->data, f->n);
	return 0;
}

static struct uc_code_range function(struct uc_code *c, const char *name)
{
	struct uc_code_range r = { 0 };

	for (size_t i = 0; i < c->nlabels; i++)
		if (!strcmp(c->labels[i].name, name))
			assert_true(uc_code_function(c, c->labels[i].value, &r));
	assert_true(r.end > r.start);
	return r;
}

/* Values of rax at the last system call of a function. */
static struct uc_value number(struct uc_code *c, const char *name)
{
	static const struct uc_atom rax = { UC_ATOM_ARG, 0, 0 };
	struct uc_code_range f = function(c, name);
	struct uc_value v = { 0 };
	struct uc_refs r;

	uc_code_refs(c, &f, NULL, &r);
	assert_true(r.nsites > 0);
	uc_code_values(c, &f, r.sites[r.nsites - 1], &rax, &v);
	uc_refs_free(&r);
	return v;
}

static void assert_is(struct uc_code *c, const char *name, int64_t nr)
{
	struct uc_value v = number(c, name);

	assert_int_equal(v.n, 1);
	assert_int_equal(v.v[0].kind, UC_ATOM_CONST);
	assert_int_equal(v.v[0].off, nr);
}

static bool has(const struct uc_value *v, int64_t nr)
{
	for (unsigned i = 0; v->n != UC_VALUE_ANY && i < v->n; i++)
		if (v->v[i].kind == UC_ATOM_CONST && v->v[i].off == nr)
			return true;
	return false;
}

static void numbers_travel_through_registers_and_slots(void **state)
{
	struct uc_code *c = &((struct file *)*state)->c;

	assert_is(c, "uc_t_plain", 39);
	assert_is(c, "uc_t_copied", 186);
	assert_is(c, "uc_t_slot", 102);
	assert_is(c, "uc_t_byte", 56);
	assert_is(c, "uc_t_pushed", 60);
	assert_is(c, "uc_t_loop", 202);
}

static void paths_are_joined(void **state)
{
	struct uc_code *c = &((struct file *)*state)->c;
	struct uc_value v = number(c, "uc_t_either");

	assert_int_equal(v.n, 2);
	assert_true(has(&v, 1) && has(&v, 20));
	v = number(c, "uc_t_joined");
	assert_int_equal(v.n, 2);
	assert_true(has(&v, 3) && has(&v, 4));
}

static void a_call_that_does_not_return_is_the_end_of_its_path(void **state)
{
	assert_is(&((struct file *)*state)->c, "uc_t_behind", 231);
}

static void what_is_not_known_is_said_to_be(void **state)
{
	struct uc_code *c = &((struct file *)*state)->c;

	assert_int_equal(number(c, "uc_t_unknown").n, UC_VALUE_ANY);
	assert_int_equal(number(c, "uc_t_clobbered").n, UC_VALUE_ANY);
}

/* What the callers of `name` in `from` give for the atom. */
static unsigned given(struct uc_code *c, const char *from, const char *name,
		      const struct uc_atom *want, struct uc_value *all)
{
	struct uc_code_range f = function(c, from), to = function(c, name);
	struct uc_refs r;
	unsigned n = 0;

	*all = (struct uc_value){ 0 };
	uc_code_refs(c, &f, NULL, &r);
	for (size_t i = 0; i < r.n; i++)
		if (r.v[i].kind == UC_REF_CALL && r.v[i].to == to.start) {
			struct uc_value v;

			uc_code_values(c, &f, r.v[i].at, want, &v);
			for (unsigned k = 0; v.n != UC_VALUE_ANY && k < v.n; k++)
				uc_value_add(all, &v.v[k]);
			n++;
		}
	uc_refs_free(&r);
	return n;
}

static void a_wrapper_names_its_argument_and_callers_give_it(void **state)
{
	struct uc_code *c = &((struct file *)*state)->c;
	struct uc_value v = number(c, "uc_t_wrapper"), all;

	assert_int_equal(v.n, 1);
	assert_int_equal(v.v[0].kind, UC_ATOM_ARG);
	assert_int_equal(v.v[0].where, 7); /* rdi */
	assert_int_equal(given(c, "uc_t_caller", "uc_t_wrapper", &v.v[0], &all), 2);
	assert_true(has(&all, 24) && has(&all, 25));
}

static void a_number_in_a_structure_is_found_where_it_was_put(void **state)
{
	struct uc_code *c = &((struct file *)*state)->c;
	struct uc_value v = number(c, "uc_t_struct"), all;

	assert_int_equal(v.n, 1);
	assert_int_equal(v.v[0].kind, UC_ATOM_LOAD);
	assert_int_equal(given(c, "uc_t_fills", "uc_t_struct", &v.v[0], &all), 1);
	assert_true(has(&all, 105));
}

static void references_are_told_apart(void **state)
{
	struct uc_code *c = &((struct file *)*state)->c;
	struct uc_code_range f = function(c, "uc_t_table");
	unsigned data = 0, slots = 0, calls = 0;
	struct uc_refs r;

	uc_code_refs(c, &f, NULL, &r);
	for (size_t i = 0; i < r.n; i++) {
		data += r.v[i].kind == UC_REF_DATA;
		slots += r.v[i].kind == UC_REF_SLOT;
		calls += r.v[i].kind == UC_REF_SLOT && uc_code_transfers(c, r.v[i].at);
		if (r.v[i].kind == UC_REF_DATA)
			assert_int_equal(uc_code_extent(c, r.v[i].to).start, r.v[i].to);
	}
	assert_int_equal(data, 1);
	assert_true(slots >= 1);
	uc_refs_free(&r);
}

/* How many system calls a function can make with this first argument (or any: NULL). */
static size_t sites_with(struct uc_code *c, const char *name, const int64_t *arg)
{
	struct uc_code_range f = function(c, name);
	const struct uc_code_vec none = { 0 };
	struct uc_code_args a = { 0 };
	struct uc_entry e = { &a, &none };
	struct uc_refs r;
	size_t n;

	for (unsigned i = 0; i < UC_ARGS; i++)
		a.reg[i].n = UC_VALUE_ANY;
	if (arg)
		a.reg[0] = (struct uc_code_arg){ 1, { *arg } };
	uc_code_refs(c, &f, &e, &r);
	n = r.nsites;
	uc_refs_free(&r);
	return n;
}

static void only_what_an_argument_leads_to_is_executed(void **state)
{
	struct uc_code *c = &((struct file *)*state)->c;

	assert_int_equal(sites_with(c, "uc_t_choice", NULL), 2);
	assert_int_equal(sites_with(c, "uc_t_choice", &(int64_t){ 1 }), 1);
	assert_int_equal(sites_with(c, "uc_t_choice", &(int64_t){ 9 }), 1);
	assert_int_equal(sites_with(c, "uc_t_switch", NULL), 3);
	for (int64_t i = 0; i < 4; i++)
		assert_int_equal(sites_with(c, "uc_t_switch", &i), 1);
}

static void a_constant_is_passed_where_nothing_else_leads_to_the_call(void **state)
{
	struct uc_code *c = &((struct file *)*state)->c;
	struct uc_code_range f = function(c, "uc_t_passes");
	struct uc_refs r;

	uc_code_refs(c, &f, NULL, &r);
	assert_int_equal(r.n, 2);
	assert_int_equal(r.v[0].args, 1);
	assert_int_equal(r.args[0].reg[0].n, 1);
	assert_int_equal(r.args[0].reg[0].v[0], 1);
	assert_int_equal(r.v[1].args, 0);
	uc_refs_free(&r);
}

/* Every cut of the file is refused or read without harm. */
static void a_damaged_file_does_no_harm(void **state)
{
	struct file *f = *state;

	for (size_t n = 0; n < f->n; n += n < 4096 ? 61 : 40009) {
		uint8_t *copy = malloc(n ? n : 1);
		const char *why;
		struct uc_code c;

		memcpy(copy, f->data, n);
		if (uc_code_open(&c, copy, n, &why))
			uc_code_close(&c);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_travel_through_registers_and_slots),
		cmocka_unit_test(paths_are_joined),
		cmocka_unit_test(a_call_that_does_not_return_is_the_end_of_its_path),
		cmocka_unit_test(what_is_not_known_is_said_to_be),
		cmocka_unit_test(a_wrapper_names_its_argument_and_callers_give_it),
		cmocka_unit_test(a_number_in_a_structure_is_found_where_it_was_put),
		cmocka_unit_test(references_are_told_apart),
		cmocka_unit_test(only_what_an_argument_leads_to_is_executed),
		cmocka_unit_test(a_constant_is_passed_where_nothing_else_leads_to_the_call),
		cmocka_unit_test(a_damaged_file_does_no_harm),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
