/* What goes in and comes out: the same in core/regular.py and core/batch.py, and limits of core/frame.py,
 * core/crops.py, core/decode.py and core/states.py. */

#pragma once

#include "json.h"

#pragma pack(push, 1)
typedef struct {
    int64_t offset;
    uint32_t length, inner;
    uint16_t picture_back;
    uint32_t source, reads, first_read, envelope, uuid_head;
    int64_t uuid_tail, epoch_time;
    float processing_time_ms;
} frame_row;

typedef struct {
    uint32_t frame, position;
    int32_t plate_index;
    uint32_t plate;
    float confidence, margin;
    int8_t matches_template;
    uint32_t region;
    float region_confidence;
    int16_t quad[8], vehicle[4];
    uint32_t candidates, crop_text;
} read_row;

typedef struct {
    uint32_t plate;
    uint16_t confidence;
    int8_t matches_template;
} candidate_row;
#pragma pack(pop)

enum { READ_PLATE, CANDIDATE_PLATE, REGION, UUID_HEAD };

/* A text that is to be coded by whoever called: what it is, and of which row. */
typedef struct {
    int64_t start;
    uint32_t length, what, row, unused;
} open_text;

/* Texts whose codes are known, found by their bytes: a hash table, its room a power of two. */
typedef struct {
    uint64_t *hashes;
    uint32_t *starts, *lengths, *codes; /* code 0: free */
    byte *bytes;
    uint32_t room, count, bytes_room, bytes_used;
} known_texts;

enum { KEY_ROOM = 4096 };

typedef struct {
    frame_row *frames;
    read_row *reads;
    candidate_row *candidates;
    uint64_t *read_plates, *candidate_plates; /* words of core/texts.py; OPEN and a place in open */
    double *confidences;                      /* of the candidates */
    open_text *open;
    known_texts known;
    uint32_t frame_room, read_room, candidate_room, open_room;
    uint32_t frame_count, read_count, candidate_count, open_count;
    int64_t moved;      /* to be added to places in the text: where it stands in the stream */
    int64_t end;        /* behind the last value that was taken */
    int64_t value_bytes; /* of the values that were taken */
    int64_t stop;       /* where the value begins at which it stopped */
    int64_t stop_end;   /* UNKNOWN: where it ends */
    uint32_t key_length;
    byte key[KEY_ROOM]; /* UNKNOWN: the bytes of its envelope */
} job;

/* Why it stopped: nothing that begins as a value follows; the value is not regular; the text ends inside it;
 * no room for it; its envelope is not known. */
enum { NOTHING, OTHER, CUT, FULL, UNKNOWN };

static const int64_t MIN_EPOCH_MS = 100000000000, MAX_EPOCH_MS = 10000000000000;
static const int64_t MAX_COORDINATE = 32766, MAX_SMALL = 100000;
static const int64_t MAX_CROP_TEXT = 16 << 20, MAX_TEXT = 1024, MAX_USER_DATA = 65536;
static const uint32_t MAX_READS = 100000;
static const int64_t MAX_VALUE_BYTES = 64 << 20;
static const double CANDIDATE_STEPS = 640;
static const uint64_t OPEN = UINT64_C(0xFF) << 56;
enum { CODE_ABSENT = 0 };
