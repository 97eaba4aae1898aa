"""Addresses of formal plan procedures, below a phase."""

from django.urls import path

from tandem.participation.views import plan_office, replies, statement_office, statements, weighing

urlpatterns = [
    path("plan/announcement/", statements.announcement, name="plan_announcement"),
    path("plan/period/", plan_office.settings, name="statement_settings"),
    path("plan/documents/", plan_office.documents, name="plan_documents"),
    path("plan/documents/<uuid:pk>", statements.document, name="plan_document"),
    path("statements/", statement_office.statement_list, name="statements"),
    path("statements/new/", statements.new, name="statement_new"),
    path("statements/paper/", statement_office.record, name="statement_paper"),
    path("statements/verify/", statements.verify, name="receipt_verify"),
    path("statements/decide/", weighing.decide, name="statements_decide"),
    path("statements/group/", weighing.group, name="statements_group"),
    path("statements/reply/", replies.reply_all, name="statements_reply"),
    path("statements/letters/", replies.letters, name="statement_letters"),
    path("statements/synopsis.docx", statement_office.synopsis, {"form": "docx"}, name="synopsis_docx"),
    path("statements/synopsis.pdf", statement_office.synopsis, {"form": "pdf"}, name="synopsis_pdf"),
    path("statements/archive.zip", statement_office.archive, name="statement_archive"),
    path("statements/<slug:key>/", weighing.statement, name="statement"),
    path("statements/<slug:key>/receipt/", statements.receipt, name="receipt"),
    path("statements/<slug:key>/receipt.json", statements.receipt_file, name="receipt_file"),
    path("statements/<slug:key>/withdraw/", statements.withdraw, name="statement_withdraw"),
    path("statements/<slug:key>/reply/", replies.reply, name="statement_reply"),
    path("statements/<slug:key>/files/<int:position>", statement_office.attachment, name="statement_file"),
]
