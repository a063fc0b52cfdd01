//! Room for finding items by words, pinyin, initials and synonyms; still empty: today the pages search in `app::catalogue`.
