// SPDX-License-Identifier: BSD-3-Clause
/* Asked for by name; nothing of it is used. */
