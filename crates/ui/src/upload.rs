//! Rows of files that were handed in.

use crate::html::html_safe;
use askama::Template;

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadState {
    /// Kept and checked.
    Kept,
    /// Kept, but somebody should look: 第 2 页模糊，建议重拍.
    Doubtful(String),
    /// Not kept: what happened and what to do.
    Refused(String),
}

/// One file that was handed in: name, size, state, remove.
#[derive(Clone, Debug, Template)]
#[template(path = "upload.html")]
pub struct Upload {
    /// Its name as the person knows it.
    pub name: String,
    /// Its size in words: 1.2 MB.
    pub size: String,
    /// What became of it.
    pub state: UploadState,
    /// Where 查看 leads; empty hides it.
    pub view: String,
    /// Where the form of 删除 posts to; empty hides it.
    pub remove: String,
}

html_safe!(Upload);
