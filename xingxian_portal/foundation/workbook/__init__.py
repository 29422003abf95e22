"""The workbook tool: how an Excel or WPS workbook comes into the portal, strict and kind as the web form.

Two pieces. The *format* reads any office workbook (`contents`, `sheet_marks`, `header`, `reading`: titles above, other
orders of columns, merged cells, notes and 合计 below; each value keeps its sheet and cell). The
*resource* (`resource.SheetResource`, on django-import-export) checks every row in one pass and knows what a row would
change. `batches` keeps what came in (`ImportBatch`, `ImportRow`, `ImportIssue`) and confirms, applies and undoes it. What goes out: `sheets`, `printed`, `streamed`, `cell_writer`, `cell_text`.

A sheet of your app comes in by one class in your app's `workbooks/` package (`liaisons.workbooks.units` is the first):

    class UnitSheet(SheetResource):
        slug, title, about = "units", "单位名册", "单位的名称、类别和排序"
        code = Column("编码", Code(20))
        name = Column("全称", Text(60), also=["单位名称"], required=True)
        kind = Column("类别", Choice(Unit._meta.get_field("kind").choices), required=True)
        position = Column("排序", Whole(0, 32000))

        class Meta:
            import_id_fields = ("code",)                  # the natural key; its columns must be there

        @classmethod
        def admits(cls, by): return by.may(P.MANAGE_UNITS)    # who may import it; who may not gets 404
        @classmethod
        def subjects(cls, by): ...                        # what it is for (a unit's month …), where there is a choice
        def prepare(self): ...                            # load look-ups once: self.fields["unit"].kind.know({name: shown})
        def existing(self): ...                           # {key tuple: {column name: value}} of what `by` may write: few queries
        def check_row(self, values): yield Fault("kind", "……")    # across columns; also another unit's row
        def write(self, change, *, at): return str(pk)    # by the app's verb; may raise Refused, which stands beside the row
        def remove(self, change, *, at): ...              # undo of a new row; `write` undoes a changed one (after = old values)

`change.action` is NEW or CHANGED, `change.before` and `change.after` hold the values by column name (`after` is whole:
what the sheet does not carry stands as it was). Write many at once by overriding `write_all`. `creates = False` where
the portal alone makes rows; `holds_personal_data = True` where the file must not be kept after the import; `ignored` names
columns of an export that an import leaves alone, `drawn` columns of the key that `complete` fills in where the sheet does not. Kinds of cells (`kinds`): Text, Code, Whole, Amount, Day, Choice, YesNo, Named (what is
known by name, with aliases), `phone_cells.PhoneNumber`; a kind of your own subclasses Kind. Columns (`columns.Column`): required, blanks
(无, / and - mean empty), fill_down (merged cells), follows (behind which column, where labels repeat), shown_only, locked.
"""
