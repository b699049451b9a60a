// SPDX-License-Identifier: BSD-3-Clause
/* lwIP's heap: heap_slab once more, over frames of the compartment. */
#include <uc/compartment.h>
#include <uc/frame.h>

#define uc_heap_alloc         uc_lwip_alloc
#define uc_heap_free          uc_lwip_free
#define uc_heap_zalloc        net_heap_zalloc
#define uc_heap_realloc       net_heap_realloc
#define uc_heap_alloc_aligned net_heap_alloc_aligned
#define uc_heap_stats         net_heap_stats
#define uc_heap_strdup        net_heap_strdup

#define uc_frame_alloc()            uc_compartment_frames(UC_COMPARTMENT_NET, 0)
#define uc_frame_alloc_order(order) uc_compartment_frames(UC_COMPARTMENT_NET, order)
#define uc_frame_unref(pa)          uc_compartment_frame_unref(pa)

#include "../../kern/heap_slab/heap_slab.c"
